-- 高中阶段教育毛入学率 = 高中阶段在校学生总数 ÷ 15—17周岁人口数 × 100%,含与不含技工学校两种。
-- A row is one unit (or the whole area) in one school year. Pupils are counted where the school is.
-- Source of the formula: 全国教育事业发展统计公报指标解释. Technical schools report to the human-resources bureau.
WITH edition AS (
    SELECT
        e.area_code AS area_code
    FROM raw.edition AS e
),
pupils AS (
    SELECT
        e.area_code AS area_code,
        e.school_year AS school_year,
        SUM(e.pupils) AS pupils
    FROM core.enrolment AS e
    WHERE e.stage = 'upper_secondary'
    GROUP BY e.area_code, e.school_year
),
technical AS (
    SELECT
        t.area_code AS area_code,
        t.school_year AS school_year,
        t.pupils AS pupils
    FROM core.technical_enrolment AS t
),
technical_years AS (
    SELECT
        t.school_year AS school_year,
        SUM(t.pupils) AS pupils
    FROM technical AS t
    GROUP BY t.school_year
),
population AS (
    SELECT
        p.area_code AS area_code,
        p.school_year AS school_year,
        p.population AS population,
        CASE WHEN SUBSTR(p.basis, 1, 2) = '常住' THEN '常住人口' ELSE p.basis END AS basis
    FROM core.population_group AS p
    WHERE p.age_group = '15-17'
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
    WHERE v.indicator_id = 'senior_secondary_ger'
),
published AS (
    SELECT
        p.area_code AS area_code,
        p.school_year AS school_year,
        p.count AS count
    FROM core.published_count AS p
    WHERE p.measure = 'upper_secondary_pupils'
),
by_unit AS (
    SELECT
        'without_technical' AS variant,
        p.area_code AS area_code,
        p.school_year AS school_year,
        CAST(COALESCE(s.pupils, 0) AS BIGINT) AS numerator,
        p.population AS denominator,
        p.basis AS basis,
        m.maturity AS maturity
    FROM population AS p
    INNER JOIN core.maturity AS m ON m.school_year = p.school_year
    LEFT JOIN pupils AS s ON s.area_code = p.area_code AND s.school_year = p.school_year
    WHERE m.has_schools
    UNION ALL
    SELECT
        'with_technical' AS variant,
        p.area_code AS area_code,
        p.school_year AS school_year,
        CAST(COALESCE(s.pupils, 0) + COALESCE(t.pupils, 0) AS BIGINT) AS numerator,
        p.population AS denominator,
        p.basis AS basis,
        m.maturity AS maturity
    FROM population AS p
    INNER JOIN core.maturity AS m ON m.school_year = p.school_year
    INNER JOIN technical_years AS y ON y.school_year = p.school_year
    LEFT JOIN pupils AS s ON s.area_code = p.area_code AND s.school_year = p.school_year
    LEFT JOIN technical AS t ON t.area_code = p.area_code AND t.school_year = p.school_year
    WHERE m.has_schools
),
computed AS (
    SELECT
        u.variant AS variant,
        u.area_code AS area_code,
        u.school_year AS school_year,
        u.numerator AS numerator,
        u.denominator AS denominator,
        u.basis AS basis,
        u.maturity AS maturity
    FROM by_unit AS u
    UNION ALL
    SELECT
        u.variant AS variant,
        e.area_code AS area_code,
        u.school_year AS school_year,
        CAST(SUM(u.numerator) AS BIGINT) AS numerator,
        CAST(SUM(u.denominator) AS BIGINT) AS denominator,
        CASE WHEN MIN(u.basis) = MAX(u.basis) THEN MIN(u.basis) ELSE '混合口径' END AS basis,
        MAX(u.maturity) AS maturity
    FROM by_unit AS u
    CROSS JOIN edition AS e
    GROUP BY u.variant, e.area_code, u.school_year
),
final AS (
    SELECT
        'senior_secondary_ger' AS indicator_id,
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
        CASE WHEN s.variant = 'with_technical' THEN '含技工学校' ELSE '不含技工学校' END || '、' || s.basis AS basis,
        s.maturity AS maturity,
        CAST(NULL AS VARCHAR) AS source_title
    FROM computed AS s
    WHERE s.denominator > 0
    UNION ALL
    SELECT
        'senior_secondary_ger' AS indicator_id,
        'certified' AS variant,
        c.area_code AS area_code,
        c.segment AS segment,
        c.period_kind AS period_kind,
        c.period AS period,
        n.count AS numerator,
        CAST(NULL AS BIGINT) AS denominator,
        CAST(c.value_micro AS DECIMAL(38, 0)) AS value_num,
        CAST(1000000 AS DECIMAL(38, 0)) AS value_den,
        'certified' AS value_source,
        c.basis AS basis,
        c.maturity AS maturity,
        c.source_title AS source_title
    FROM certified AS c
    LEFT JOIN published AS n ON n.area_code = c.area_code AND n.school_year = c.period
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
