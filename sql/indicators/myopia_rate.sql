-- 学生总体近视率:小学、初中、高中筛查学生中近视学生占百分比;另按各学段在校生加权(当年、方案基期固定)。样本量随值列出,用于抽样误差。
-- A row is one unit (or the whole area), variant and segment in one calendar year; no row where nothing was reported.
-- Every variant carries myopic and screened pupils as numerator and denominator: the sample size for its survey error.
-- A weighted value is the sum over stages of enrolment x rate, over enrolment, in millionths of a point (each rate and the
-- sum cut off there: as one exact fraction it would not fit 38 digits where it is judged). It needs every stage that has
-- pupils to have been screened. Enrolment is that of 1 September of the same year, or of the base year that the plan gives.
-- Source of the formula: 《张家口市推进教育高质量发展实施方案》第二条; 《儿童青少年近视防控适宜技术指南》筛查标准.
WITH result AS (
    SELECT
        r.area_code AS area_code,
        r.segment AS segment,
        r.period AS period,
        r.numerator AS numerator,
        r.denominator AS denominator,
        r.basis AS basis,
        r.maturity AS maturity
    FROM core.vision_result AS r
),
part AS (
    SELECT
        p.part_code AS part_code,
        p.area_code AS area_code
    FROM core.area_part AS p
),
pupils AS (
    SELECT
        p.area_code AS area_code,
        s.school_year AS school_year,
        COALESCE(SUM(s.primary_pupils), 0) AS primary_weight,
        COALESCE(SUM(s.junior_pupils), 0) AS junior_weight,
        COALESCE(SUM(s.senior_pupils + s.vocational_pupils), 0) AS senior_weight
    FROM core.school_profile AS s
    INNER JOIN part AS p ON p.part_code = s.area_code
    GROUP BY p.area_code, s.school_year
),
base AS (
    SELECT
        MIN(c.base_period) AS school_year
    FROM raw.commitment AS c
    WHERE c.indicator_id = 'myopia_rate' AND (c.variant = 'base_weights' OR c.county_variant = 'base_weights')
),
by_stage AS (
    SELECT
        p.area_code AS area_code,
        r.segment AS segment,
        r.period AS period,
        CAST(SUM(r.numerator) AS BIGINT) AS myopic,
        CAST(SUM(r.denominator) AS BIGINT) AS screened,
        CASE WHEN MIN(r.basis) <> MAX(r.basis) THEN '混合口径' ELSE COALESCE(MIN(r.basis), '混合口径') END AS basis,
        MAX(r.maturity) AS maturity
    FROM result AS r
    INNER JOIN part AS p ON p.part_code = r.area_code
    GROUP BY p.area_code, r.segment, r.period
),
whole AS (
    SELECT
        b.area_code AS area_code,
        b.period AS period,
        COALESCE(SUM(CASE WHEN b.segment = 'primary' THEN b.myopic END), 0) AS primary_myopic,
        COALESCE(SUM(CASE WHEN b.segment = 'primary' THEN b.screened END), 0) AS primary_screened,
        COALESCE(SUM(CASE WHEN b.segment = 'junior' THEN b.myopic END), 0) AS junior_myopic,
        COALESCE(SUM(CASE WHEN b.segment = 'junior' THEN b.screened END), 0) AS junior_screened,
        COALESCE(SUM(CASE WHEN b.segment = 'senior' THEN b.myopic END), 0) AS senior_myopic,
        COALESCE(SUM(CASE WHEN b.segment = 'senior' THEN b.screened END), 0) AS senior_screened,
        SUM(b.myopic) AS myopic,
        SUM(b.screened) AS screened,
        CASE WHEN MIN(b.basis) = MAX(b.basis) THEN MIN(b.basis) ELSE '混合口径' END AS basis,
        MAX(b.maturity) AS maturity
    FROM by_stage AS b
    GROUP BY b.area_code, b.period
),
weighted AS (
    SELECT
        'current_weights' AS variant,
        c.area_code AS area_code,
        c.period AS period,
        c.myopic AS myopic,
        c.screened AS screened,
        c.basis AS basis,
        c.maturity AS maturity,
        c.primary_myopic AS primary_myopic,
        CASE WHEN c.primary_screened > 0 THEN c.primary_screened ELSE 1 END AS primary_screened,
        w.primary_weight AS primary_weight,
        c.junior_myopic AS junior_myopic,
        CASE WHEN c.junior_screened > 0 THEN c.junior_screened ELSE 1 END AS junior_screened,
        w.junior_weight AS junior_weight,
        c.senior_myopic AS senior_myopic,
        CASE WHEN c.senior_screened > 0 THEN c.senior_screened ELSE 1 END AS senior_screened,
        w.senior_weight AS senior_weight
    FROM whole AS c
    INNER JOIN pupils AS w ON w.area_code = c.area_code AND w.school_year = c.period
    WHERE w.primary_weight + w.junior_weight + w.senior_weight > 0
        AND (w.primary_weight = 0 OR c.primary_screened > 0)
        AND (w.junior_weight = 0 OR c.junior_screened > 0)
        AND (w.senior_weight = 0 OR c.senior_screened > 0)
    UNION ALL
    SELECT
        'base_weights' AS variant,
        c.area_code AS area_code,
        c.period AS period,
        c.myopic AS myopic,
        c.screened AS screened,
        c.basis AS basis,
        c.maturity AS maturity,
        c.primary_myopic AS primary_myopic,
        CASE WHEN c.primary_screened > 0 THEN c.primary_screened ELSE 1 END AS primary_screened,
        w.primary_weight AS primary_weight,
        c.junior_myopic AS junior_myopic,
        CASE WHEN c.junior_screened > 0 THEN c.junior_screened ELSE 1 END AS junior_screened,
        w.junior_weight AS junior_weight,
        c.senior_myopic AS senior_myopic,
        CASE WHEN c.senior_screened > 0 THEN c.senior_screened ELSE 1 END AS senior_screened,
        w.senior_weight AS senior_weight
    FROM whole AS c
    CROSS JOIN base AS s
    INNER JOIN pupils AS w ON w.area_code = c.area_code AND w.school_year = s.school_year
    WHERE w.primary_weight + w.junior_weight + w.senior_weight > 0
        AND (w.primary_weight = 0 OR c.primary_screened > 0)
        AND (w.junior_weight = 0 OR c.junior_screened > 0)
        AND (w.senior_weight = 0 OR c.senior_screened > 0)
),
valued AS (
    SELECT
        'screened' AS variant,
        c.area_code AS area_code,
        'all' AS segment,
        c.period AS period,
        c.myopic AS myopic,
        c.screened AS screened,
        CAST(c.myopic AS DECIMAL(38, 0)) * 100 AS value_num,
        CAST(c.screened AS DECIMAL(38, 0)) AS value_den,
        c.basis AS basis,
        c.maturity AS maturity
    FROM whole AS c
    UNION ALL
    SELECT
        'by_stage' AS variant,
        b.area_code AS area_code,
        b.segment AS segment,
        b.period AS period,
        b.myopic AS myopic,
        b.screened AS screened,
        CAST(b.myopic AS DECIMAL(38, 0)) * 100 AS value_num,
        CAST(b.screened AS DECIMAL(38, 0)) AS value_den,
        b.basis AS basis,
        b.maturity AS maturity
    FROM by_stage AS b
    UNION ALL
    SELECT
        g.variant AS variant,
        g.area_code AS area_code,
        'all' AS segment,
        g.period AS period,
        g.myopic AS myopic,
        g.screened AS screened,
        CAST(
            (
                CAST(g.primary_weight AS BIGINT) * (CAST(g.primary_myopic AS BIGINT) * 100000000 // CAST(g.primary_screened AS BIGINT))
                + CAST(g.junior_weight AS BIGINT) * (CAST(g.junior_myopic AS BIGINT) * 100000000 // CAST(g.junior_screened AS BIGINT))
                + CAST(g.senior_weight AS BIGINT) * (CAST(g.senior_myopic AS BIGINT) * 100000000 // CAST(g.senior_screened AS BIGINT))
            ) // CAST(g.primary_weight + g.junior_weight + g.senior_weight AS BIGINT) AS DECIMAL(38, 0)
        ) AS value_num,
        CAST(1000000 AS DECIMAL(38, 0)) AS value_den,
        g.basis AS basis,
        g.maturity AS maturity
    FROM weighted AS g
),
final AS (
    SELECT
        'myopia_rate' AS indicator_id,
        v.variant AS variant,
        v.area_code AS area_code,
        v.segment AS segment,
        'calendar_year' AS period_kind,
        v.period AS period,
        CAST(v.myopic AS BIGINT) AS numerator,
        CAST(v.screened AS BIGINT) AS denominator,
        CAST(v.value_num AS DECIMAL(38, 0)) AS value_num,
        CAST(v.value_den AS DECIMAL(38, 0)) AS value_den,
        'computed' AS value_source,
        v.basis AS basis,
        v.maturity AS maturity,
        CAST(NULL AS VARCHAR) AS source_title
    FROM valued AS v
    WHERE v.screened > 0
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
