-- 九年义务教育巩固率,三种算法并列,另有核定值。
-- grade9_over_grade1 (公报口径): 九年级在校生(Y) ÷ 一年级在校生(Y-8)。
-- graduates_over_entrants: 初中毕业生(Y夏) ÷ 小学招生(Y-9秋)。
-- adjusted: 九年级在校生(Y) ÷ (一年级在校生(Y-8) + 八年间净转入 - 死亡)。
-- A row is one unit (or the whole area) in one school year. Counted by year of entry, never capped at 100.
-- Source of the formula: 全国教育事业发展统计公报指标解释 (first); movement account of the pupil-change form (third).
-- For the whole area, moves between its own units cancel: only moves across its border and deaths adjust the class.
WITH edition AS (
    SELECT
        e.area_code AS area_code
    FROM raw.edition AS e
),
cohort AS (
    SELECT
        c.area_code AS area_code,
        c.school_year AS school_year,
        c.grade1_pupils AS grade1_pupils,
        c.grade9_pupils AS grade9_pupils
    FROM core.cohort AS c
),
graduates AS (
    SELECT
        g.area_code AS area_code,
        g.school_year AS school_year,
        g.graduates AS graduates,
        g.entrants AS entrants
    FROM core.graduates AS g
),
movement AS (
    SELECT
        m.area_code AS area_code,
        m.school_year - m.grade AS entered,
        m.grade AS grade,
        m.net_in AS net_in,
        m.net_in_from_outside AS net_in_from_outside
    FROM core.movement AS m
    WHERE m.grade BETWEEN 1 AND 8
),
certified AS (
    SELECT
        v.area_code AS area_code,
        v.segment AS segment,
        v.period_kind AS period_kind,
        v.period AS period,
        v.value_micro AS value_micro,
        v.basis AS basis,
        v.maturity AS maturity,
        v.source_title AS source_title
    FROM core.certified_value AS v
    WHERE v.indicator_id = 'compulsory_retention'
),
movement_of_class AS (
    SELECT
        m.area_code AS area_code,
        m.entered AS entered,
        SUM(m.net_in) AS net_in,
        SUM(m.net_in_from_outside) AS net_in_from_outside,
        COUNT(m.grade) AS grades
    FROM movement AS m
    GROUP BY m.area_code, m.entered
),
by_unit AS (
    SELECT
        'grade9_over_grade1' AS variant,
        l.area_code AS area_code,
        l.school_year AS school_year,
        l.grade9_pupils AS numerator,
        f.grade1_pupils AS denominator,
        f.grade1_pupils AS denominator_in_total
    FROM cohort AS l
    INNER JOIN cohort AS f ON f.area_code = l.area_code AND f.school_year = l.school_year - 8
    UNION ALL
    SELECT
        'graduates_over_entrants' AS variant,
        l.area_code AS area_code,
        l.school_year AS school_year,
        l.graduates AS numerator,
        f.entrants AS denominator,
        f.entrants AS denominator_in_total
    FROM graduates AS l
    INNER JOIN graduates AS f ON f.area_code = l.area_code AND f.school_year = l.school_year - 9
    UNION ALL
    SELECT
        'adjusted' AS variant,
        l.area_code AS area_code,
        l.school_year AS school_year,
        l.grade9_pupils AS numerator,
        CAST(f.grade1_pupils + m.net_in AS BIGINT) AS denominator,
        CAST(f.grade1_pupils + m.net_in_from_outside AS BIGINT) AS denominator_in_total
    FROM cohort AS l
    INNER JOIN cohort AS f ON f.area_code = l.area_code AND f.school_year = l.school_year - 8
    INNER JOIN movement_of_class AS m ON m.area_code = f.area_code AND m.entered = f.school_year
    WHERE m.grades = 8
),
counted_years AS (
    SELECT
        u.variant AS variant,
        u.school_year AS school_year
    FROM by_unit AS u
    GROUP BY u.variant, u.school_year
    HAVING SUM(u.numerator) > 0
),
computed AS (
    SELECT
        u.variant AS variant,
        u.area_code AS area_code,
        u.school_year AS school_year,
        u.numerator AS numerator,
        u.denominator AS denominator,
        m.maturity AS maturity
    FROM by_unit AS u
    INNER JOIN core.maturity AS m ON m.school_year = u.school_year
    INNER JOIN counted_years AS y ON y.variant = u.variant AND y.school_year = u.school_year
    UNION ALL
    SELECT
        u.variant AS variant,
        e.area_code AS area_code,
        u.school_year AS school_year,
        CAST(SUM(u.numerator) AS BIGINT) AS numerator,
        CAST(SUM(u.denominator_in_total) AS BIGINT) AS denominator,
        MAX(m.maturity) AS maturity
    FROM by_unit AS u
    INNER JOIN core.maturity AS m ON m.school_year = u.school_year
    INNER JOIN counted_years AS y ON y.variant = u.variant AND y.school_year = u.school_year
    CROSS JOIN edition AS e
    GROUP BY u.variant, e.area_code, u.school_year
),
final AS (
    SELECT
        'compulsory_retention' AS indicator_id,
        s.variant AS variant,
        s.area_code AS area_code,
        'all' AS segment,
        'school_year' AS period_kind,
        s.school_year AS period,
        s.numerator AS numerator,
        s.denominator AS denominator,
        CAST(s.numerator AS DECIMAL(38, 0)) * 100 AS value_num,
        CAST(s.denominator AS DECIMAL(38, 0)) AS value_den,
        'computed' AS value_source,
        '本产品计算' AS basis,
        s.maturity AS maturity,
        CAST(NULL AS VARCHAR) AS source_title
    FROM computed AS s
    WHERE s.denominator > 0
    UNION ALL
    SELECT
        'compulsory_retention' AS indicator_id,
        'certified' AS variant,
        c.area_code AS area_code,
        c.segment AS segment,
        c.period_kind AS period_kind,
        c.period AS period,
        CAST(NULL AS BIGINT) AS numerator,
        CAST(NULL AS BIGINT) AS denominator,
        CAST(c.value_micro AS DECIMAL(38, 0)) AS value_num,
        CAST(1000000 AS DECIMAL(38, 0)) AS value_den,
        'certified' AS value_source,
        c.basis AS basis,
        c.maturity AS maturity,
        c.source_title AS source_title
    FROM certified AS c
)
SELECT
    f.indicator_id AS indicator_id,
    f.variant AS variant,
    f.area_code AS area_code,
    f.segment AS segment,
    f.period_kind AS period_kind,
    f.period AS period,
    f.numerator AS numerator,
    f.denominator AS denominator,
    f.value_num AS value_num,
    f.value_den AS value_den,
    f.value_source AS value_source,
    f.basis AS basis,
    f.maturity AS maturity,
    f.source_title AS source_title
FROM final AS f
