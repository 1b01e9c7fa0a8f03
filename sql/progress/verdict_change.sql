-- 与上年相比:一行一承诺、单位、分组,上年报告的结论、上年结论按现有数据重判、今年结论,以及变化的原因。
-- A row holds the class in the previous reporting year as that year's edition judged it (previous_class), the class of
-- that same year on the figures of today (restated_class), and the class of this year. The whole area has the class of
-- the commitment (summary). Last year's edition is judged again on the files that it had (raw.earlier_verdict), by the
-- rules of today. previous_edition: its year; NULL where none was made in its time, previous_class is then today's.
-- revision_cause: why class, reason or value of last year is another one today: restatement (a file was replaced), arrival (a
-- file came first after that edition was closed), territory, unexplained; NULL where none of them changed.
-- by_revision: the two classes of the same year differ.
-- by_new_year: this year's class is not last year's on the figures of today. by_method: the class changed, and the figure
-- stands on another basis; a change of rule that the plan lists (method_changes) is none, both are judged by it.
-- cause: method, else revision_cause (this year's class is that of last year as it is known now), else data; none
-- without a change.
WITH commitment AS (
    SELECT
        c.id AS commitment_id,
        c.reported_period AS period,
        c.previous_reported_period AS previous_period
    FROM raw.commitment AS c
),
edition AS (
    SELECT
        e.area_code AS area_code
    FROM raw.edition AS e
),
verdict AS (
    SELECT
        v.commitment_id AS commitment_id,
        v.area_code AS area_code,
        v.segment AS segment,
        v.period AS period,
        v.is_reported AS is_reported,
        v.is_total AS is_total,
        v.assessed AS assessed,
        v.basis AS basis,
        v.class AS class,
        v.reason AS reason,
        v.value_num AS value_num,
        v.value_den AS value_den
    FROM progress.verdict AS v
),
reported AS (
    SELECT
        v.commitment_id AS commitment_id,
        v.area_code AS area_code,
        v.segment AS segment,
        v.is_total AS is_total,
        v.assessed AS assessed,
        v.class AS class,
        v.reason AS reason,
        v.value_num AS value_num,
        v.value_den AS value_den,
        v.basis AS basis
    FROM verdict AS v
    WHERE v.is_reported AND NOT (v.is_total AND v.segment = 'all')
    UNION ALL
    SELECT
        s.commitment_id AS commitment_id,
        e.area_code AS area_code,
        'all' AS segment,
        TRUE AS is_total,
        TRUE AS assessed,
        s.class AS class,
        s.reason AS reason,
        v.value_num AS value_num,
        v.value_den AS value_den,
        v.basis AS basis
    FROM progress.summary AS s
    CROSS JOIN edition AS e
    LEFT JOIN verdict AS v
        ON v.commitment_id = s.commitment_id AND v.is_reported AND v.is_total AND v.segment = 'all'
),
earlier_whole AS (
    SELECT
        s.commitment_id AS commitment_id,
        e.area_code AS area_code,
        s.class AS class,
        s.reason AS reason,
        s.restated_class AS restated_class,
        s.restated_reason AS restated_reason,
        s.edition AS edition,
        s.cause AS cause
    FROM raw.earlier_summary AS s
    CROSS JOIN edition AS e
),
joined AS (
    SELECT
        r.commitment_id AS commitment_id,
        r.area_code AS area_code,
        r.segment AS segment,
        c.previous_period AS previous_period,
        c.period AS period,
        r.is_total AS is_total,
        r.assessed AS assessed,
        CASE WHEN w.commitment_id IS NOT NULL THEN w.class ELSE a.class END AS previous_class,
        CASE WHEN w.commitment_id IS NOT NULL THEN w.reason ELSE a.reason END AS previous_reason,
        CASE WHEN w.commitment_id IS NOT NULL THEN w.restated_class ELSE a.restated_class END AS restated_class,
        CASE WHEN w.commitment_id IS NOT NULL THEN w.restated_reason ELSE a.restated_reason END AS restated_reason,
        r.class AS class,
        r.reason AS reason,
        a.value_num AS previous_num,
        a.value_den AS previous_den,
        a.restated_num AS restated_num,
        a.restated_den AS restated_den,
        r.value_num AS value_num,
        r.value_den AS value_den,
        COALESCE(w.edition, a.edition) AS previous_edition,
        CASE
            WHEN w.commitment_id IS NOT NULL
                AND (w.class IS DISTINCT FROM w.restated_class OR w.reason IS DISTINCT FROM w.restated_reason) THEN w.cause
            WHEN w.commitment_id IS NOT NULL AND a.value_num IS NOT DISTINCT FROM a.restated_num
                AND a.value_den IS NOT DISTINCT FROM a.restated_den THEN NULL
            ELSE a.cause
        END AS revision_cause,
        c.previous_period < c.period AS is_new_year,
        COALESCE(l.basis <> r.basis, FALSE) AS is_other_method
    FROM reported AS r
    INNER JOIN commitment AS c ON c.commitment_id = r.commitment_id
    LEFT JOIN raw.earlier_verdict AS a
        ON a.commitment_id = r.commitment_id AND a.area_code = r.area_code AND a.segment = r.segment
        AND a.period = c.previous_period
    LEFT JOIN earlier_whole AS w
        ON w.commitment_id = r.commitment_id AND w.area_code = r.area_code AND r.segment = 'all'
    LEFT JOIN verdict AS l
        ON l.commitment_id = r.commitment_id AND l.area_code = r.area_code AND l.segment = r.segment
        AND l.period = c.previous_period
),
told AS (
    SELECT
        j.commitment_id AS commitment_id,
        j.area_code AS area_code,
        j.segment AS segment,
        COALESCE(j.previous_class <> j.class, FALSE) AS changed,
        COALESCE(j.previous_class <> j.restated_class, FALSE) AS by_revision,
        COALESCE(j.is_new_year AND j.restated_class <> j.class, FALSE) AS by_new_year,
        COALESCE(j.previous_class <> j.class AND j.is_other_method, FALSE) AS by_method
    FROM joined AS j
)
SELECT
    j.commitment_id AS commitment_id,
    j.area_code AS area_code,
    j.segment AS segment,
    j.previous_period AS previous_period,
    j.previous_edition AS previous_edition,
    j.period AS period,
    j.is_total AS is_total,
    j.assessed AS assessed,
    j.previous_class AS previous_class,
    j.previous_reason AS previous_reason,
    j.restated_class AS restated_class,
    j.restated_reason AS restated_reason,
    j.class AS class,
    j.reason AS reason,
    j.previous_num AS previous_num,
    j.previous_den AS previous_den,
    j.restated_num AS restated_num,
    j.restated_den AS restated_den,
    j.value_num AS value_num,
    j.value_den AS value_den,
    COALESCE(o.severity, 0) AS previous_severity,
    COALESCE(n.severity, 0) AS severity,
    t.changed AS changed,
    t.by_new_year AS by_new_year,
    t.by_revision AS by_revision,
    t.by_method AS by_method,
    j.revision_cause AS revision_cause,
    CASE
        WHEN j.previous_class IS NULL THEN 'not_judged_before'
        WHEN NOT t.changed THEN 'none'
        WHEN t.by_method THEN 'method'
        WHEN t.by_revision AND NOT t.by_new_year THEN j.revision_cause
        ELSE 'data'
    END AS cause
FROM joined AS j
INNER JOIN told AS t ON t.commitment_id = j.commitment_id AND t.area_code = j.area_code AND t.segment = j.segment
LEFT JOIN progress.class_colour AS o ON o.class = j.previous_class
LEFT JOIN progress.class_colour AS n ON n.class = j.class
