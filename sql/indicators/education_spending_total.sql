-- 一般公共预算教育支出只增不减:财政年度一般公共预算教育支出总额(名义值),分财政级次。
-- A row is one unit (or the whole area), variant and segment in one fiscal year; no row where nothing was reported.
-- The value is exact: fen over 100; the numerator is rounded to whole yuan for display only. Variant "certified" is a
-- published total.
-- Source of the formula: 《张家口市推进教育高质量发展实施方案》第二十八条; 国办发〔2018〕82号.
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
    FROM core.money_result AS r
    WHERE r.indicator_id = 'education_spending_total'
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
    WHERE v.indicator_id = 'education_spending_total'
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
        'education_spending_total' AS indicator_id,
        s.variant AS variant,
        s.area_code AS area_code,
        s.segment AS segment,
        s.period_kind AS period_kind,
        s.period AS period,
        CAST((s.numerator + 50) // 100 AS BIGINT) AS numerator,
        CAST(NULL AS BIGINT) AS denominator,
        CAST(s.numerator AS DECIMAL(38, 0)) AS value_num,
        CAST(100 AS DECIMAL(38, 0)) AS value_den,
        'computed' AS value_source,
        s.basis AS basis,
        s.maturity AS maturity,
        CAST(NULL AS VARCHAR) AS source_title
    FROM summed AS s
    WHERE s.numerator IS NOT NULL
    UNION ALL
    SELECT
        'education_spending_total' AS indicator_id,
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
