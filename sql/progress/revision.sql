-- 修订三角:一行一主要指标、报告年度(版本)、年度,该版本当时的数值和结论,与上一版本相比及原因。
-- A row is what the edition of one year (edition) had of one period up to its own, for a headline commitment as a whole:
-- the value of the whole area, and the class of the commitment as judged for reported_year (the base year has none).
-- Earlier editions are judged again on the files that each had, by the rules of today (raw.earlier_edition).
-- before: the same period in the edition before (before_edition). corrected: value, class or reason is another one there.
-- last_class: the class with which the edition before reported its own year; flipped: this edition's own year has another.
-- cause: of a flip as in verdict_change (method where the figure stands on another basis, else that of the corrected year
-- before where that already has this class, else data); of a corrected figure restatement, arrival (a file that speaks of that year came first after the edition
-- before was closed), territory or unexplained; not_judged_before; none without a change. The files that did it: cause_files
-- (paths), cause_rows (rows of the register), cause_reason (reasons of the register, '' where none), JSON lists in one order.
WITH edition AS (
    SELECT
        e.year AS year,
        e.area_code AS area_code
    FROM raw.edition AS e
),
headline AS (
    SELECT
        a.commitment_id AS commitment_id,
        MAX(a.previous_edition) AS previous_edition
    FROM raw.earlier_edition AS a
    GROUP BY a.commitment_id
),
cell AS (
    SELECT
        a.edition AS edition,
        a.previous_edition AS previous_edition,
        a.commitment_id AS commitment_id,
        a.period AS period,
        a.reported_year AS reported_year,
        a.class AS class,
        a.reason AS reason,
        a.value_num AS value_num,
        a.value_den AS value_den,
        a.basis AS basis,
        a.flag_preliminary AS flag_preliminary,
        a.cause AS cause,
        a.cause_files AS cause_files,
        a.cause_rows AS cause_rows,
        a.cause_reason AS cause_reason
    FROM raw.earlier_edition AS a
    UNION ALL
    SELECT
        e.year AS edition,
        h.previous_edition AS previous_edition,
        s.commitment_id AS commitment_id,
        c.reported_period AS period,
        e.year AS reported_year,
        s.class AS class,
        s.reason AS reason,
        v.value_num AS value_num,
        v.value_den AS value_den,
        v.basis AS basis,
        COALESCE(v.flag_preliminary OR v.maturity = 'preliminary', FALSE) AS flag_preliminary,
        CAST(NULL AS VARCHAR) AS cause,
        CAST(NULL AS VARCHAR) AS cause_files,
        CAST(NULL AS VARCHAR) AS cause_rows,
        CAST(NULL AS VARCHAR) AS cause_reason
    FROM progress.summary AS s
    CROSS JOIN edition AS e
    INNER JOIN headline AS h ON h.commitment_id = s.commitment_id
    INNER JOIN raw.commitment AS c ON c.id = s.commitment_id
    LEFT JOIN progress.verdict AS v
        ON v.commitment_id = s.commitment_id AND v.is_reported AND v.area_code = e.area_code AND v.segment = 'all'
),
-- the edition's own year beside the year that the edition before reported: as it had it (l), as it is here (r)
flip AS (
    SELECT
        n.edition AS edition,
        n.commitment_id AS commitment_id,
        l.class AS last_class,
        r.class AS last_restated_class,
        COALESCE(l.class <> n.class, FALSE) AS flipped,
        COALESCE(r.basis <> n.basis, FALSE) AS is_other_method,
        r.cause AS last_cause,
        r.cause_files AS cause_files,
        r.cause_rows AS cause_rows,
        r.cause_reason AS cause_reason
    FROM cell AS n
    LEFT JOIN cell AS l
        ON l.commitment_id = n.commitment_id AND l.edition = n.previous_edition AND l.reported_year = n.previous_edition
    LEFT JOIN cell AS r
        ON r.commitment_id = n.commitment_id AND r.edition = n.edition AND r.reported_year = n.previous_edition
    WHERE n.reported_year = n.edition
),
told AS (
    SELECT
        f.edition AS edition,
        f.commitment_id AS commitment_id,
        f.last_class AS last_class,
        f.flipped AS flipped,
        CASE
            WHEN f.last_class IS NULL THEN 'not_judged_before'
            WHEN NOT f.flipped THEN 'none'
            WHEN f.is_other_method THEN 'method'
            WHEN f.last_restated_class <> f.last_class AND f.last_restated_class = n.class THEN f.last_cause
            ELSE 'data'
        END AS cause,
        f.last_cause AS last_cause,
        f.cause_files AS cause_files,
        f.cause_rows AS cause_rows,
        f.cause_reason AS cause_reason
    FROM flip AS f
    INNER JOIN cell AS n
        ON n.commitment_id = f.commitment_id AND n.edition = f.edition AND n.reported_year = f.edition
)
SELECT
    n.edition AS edition,
    n.commitment_id AS commitment_id,
    n.period AS period,
    n.reported_year AS reported_year,
    t.commitment_id IS NOT NULL AS is_newest,
    n.class AS class,
    n.reason AS reason,
    n.value_num AS value_num,
    n.value_den AS value_den,
    n.flag_preliminary AS flag_preliminary,
    n.previous_edition AS before_edition,
    b.class AS before_class,
    b.reason AS before_reason,
    b.value_num AS before_num,
    b.value_den AS before_den,
    n.cause IS NOT NULL AS corrected,
    t.last_class AS last_class,
    COALESCE(t.flipped, FALSE) AS flipped,
    COALESCE(n.cause, t.cause, 'none') AS cause,
    CASE WHEN t.cause = t.last_cause THEN t.cause_files ELSE n.cause_files END AS cause_files,
    CASE WHEN t.cause = t.last_cause THEN t.cause_rows ELSE n.cause_rows END AS cause_rows,
    CASE WHEN t.cause = t.last_cause THEN t.cause_reason ELSE n.cause_reason END AS cause_reason
FROM cell AS n
LEFT JOIN cell AS b
    ON b.commitment_id = n.commitment_id AND b.period = n.period AND b.edition = n.previous_edition
LEFT JOIN told AS t
    ON t.commitment_id = n.commitment_id AND t.edition = n.edition AND n.reported_year = n.edition
