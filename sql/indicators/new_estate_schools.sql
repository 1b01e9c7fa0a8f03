-- 新建居住小区配套学校“三同步”:当年应完成的,加上以前年度应完成而年初仍未完成的新建居住小区配套学校项目中,按期完成且有文号的占百分比。
-- A row is one unit (or the whole area), variant and segment in one calendar year; no row where nothing was reported.
-- Source of the formula: 《张家口市推进教育高质量发展实施方案》第六条.
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
    FROM core.project_result AS r
    WHERE r.indicator_id = 'new_estate_schools'
),
part AS (
    SELECT
        p.part_code AS part_code,
        p.area_code AS area_code
    FROM core.area_part AS p
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
        'new_estate_schools' AS indicator_id,
        s.variant AS variant,
        s.area_code AS area_code,
        s.segment AS segment,
        s.period_kind AS period_kind,
        s.period AS period,
        CAST(s.numerator AS BIGINT) AS numerator,
        CAST(s.denominator AS BIGINT) AS denominator,
        CAST(s.numerator AS DECIMAL(38, 0)) * 100 AS value_num,
        CAST(s.denominator AS DECIMAL(38, 0)) AS value_den,
        'computed' AS value_source,
        s.basis AS basis,
        s.maturity AS maturity,
        CAST(NULL AS VARCHAR) AS source_title
    FROM summed AS s
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
