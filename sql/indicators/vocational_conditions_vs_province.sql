-- 中等职业学校办学条件达到全省平均:中等职业学校生均占地、校舍、设备、图书与每生专任教师,与全省同年平均值比较;兼办普通高中的学校不计。
-- A row is one unit (or the whole area), variant and segment in one school year; no row where nothing was reported.
-- The value is exact: hundredths over 100 x pupils; the numerator is rounded for display only. The segment is the condition.
-- Source of the formula: 《张家口市推进教育高质量发展实施方案》第十七条.
WITH result AS (
    SELECT
        r.variant AS variant,
        r.area_code AS area_code,
        r.segment AS segment,
        r.period_kind AS period_kind,
        r.period AS period,
        r.numerator AS numerator,
        r.denominator AS denominator,
        r.basis AS basis,
        r.maturity AS maturity
    FROM core.condition_result AS r
    WHERE r.indicator_id = 'vocational_conditions_vs_province'
),
part AS (
    SELECT
        p.part_code AS part_code,
        p.area_code AS area_code
    FROM core.area_part AS p
),
benchmark AS (
    SELECT
        b.indicator_id AS indicator_id,
        b.area AS area,
        b.year AS year,
        b.basis AS basis,
        b.source_title AS source_title,
        b.maturity AS maturity,
        CAST(b.value * 1000000 AS BIGINT) AS value_micro,
        ROW_NUMBER() OVER (
            PARTITION BY b.indicator_id, b.area, b.year ORDER BY b.published_on DESC, b.basis
        ) AS place
    FROM staging.benchmarks AS b
),
summed AS (
    SELECT
        r.variant AS variant,
        p.area_code AS area_code,
        r.segment AS segment,
        r.period_kind AS period_kind,
        r.period AS period,
        SUM(r.numerator) AS numerator,
        SUM(r.denominator) AS denominator,
        CASE WHEN MIN(r.basis) = MAX(r.basis) THEN MIN(r.basis) ELSE '混合口径' END AS basis,
        MAX(r.maturity) AS maturity
    FROM result AS r
    INNER JOIN part AS p ON p.part_code = r.area_code
    GROUP BY r.variant, p.area_code, r.segment, r.period_kind, r.period
),
final AS (
    SELECT
        'vocational_conditions_vs_province' AS indicator_id,
        s.variant AS variant,
        s.area_code AS area_code,
        s.segment AS segment,
        s.period_kind AS period_kind,
        s.period AS period,
        CAST((s.numerator + 50) // 100 AS BIGINT) AS numerator,
        CAST(s.denominator AS BIGINT) AS denominator,
        CAST(s.numerator AS DECIMAL(38, 0)) AS value_num,
        CAST(s.denominator AS DECIMAL(38, 0)) * 100 AS value_den,
        'computed' AS value_source,
        s.basis AS basis,
        s.maturity AS maturity,
        CAST(NULL AS VARCHAR) AS source_title
    FROM summed AS s
    WHERE s.denominator > 0 AND s.numerator IS NOT NULL
    UNION ALL
    SELECT
        'vocational_conditions_vs_province' AS indicator_id,
        'benchmark' AS variant,
        s.area_code AS area_code,
        s.segment AS segment,
        s.period_kind AS period_kind,
        s.period AS period,
        CAST(NULL AS BIGINT) AS numerator,
        CAST(NULL AS BIGINT) AS denominator,
        CAST(b.value_micro AS DECIMAL(38, 0)) AS value_num,
        CAST(1000000 AS DECIMAL(38, 0)) AS value_den,
        'benchmark' AS value_source,
        b.basis AS basis,
        b.maturity AS maturity,
        b.source_title AS source_title
    FROM summed AS s
    INNER JOIN benchmark AS b
        ON b.indicator_id = 'vocational_' || s.segment || '_per_pupil'
        AND b.area = SUBSTR(s.area_code, 1, 2) || '0000'
        AND b.year = s.period
        AND b.place = 1
    WHERE s.denominator > 0 AND s.numerator IS NOT NULL
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
