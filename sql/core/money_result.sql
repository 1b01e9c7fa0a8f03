-- 经费类指标的构成:一行一份报表行,教育支出、公用经费、拨款标准、职业教育、债券、老年教育专项。
-- A row is what one row of a finance return adds to an indicator, in fen; average pupils are in hundredths. Only the basis
-- of the plan (finance_basis) enters, so that two bases are never added. A funding standard weighs by the average
-- pupils it pays for. A comparison of two stages, years or bases needs both in the same unit.
-- Numerator and denominator are what this row adds; an indicator is their sum over rows. lacking names what a unit
-- is short of. A row without numbers is a unit that did not say: it counts nowhere and is listed by name.
-- A total handed in under the code of the whole area is only checked (C14), never added up.
WITH edition AS (
    SELECT
        e.finance_item AS finance_item,
        e.finance_basis AS finance_basis
    FROM raw.edition AS e
),
area AS (
    SELECT
        a.area_code AS area_code,
        a.name_zh AS name_zh
    FROM core.area AS a
    WHERE a.unit_role <> 'whole'
),
finance AS (
    SELECT
        f.area_code AS area_code,
        f.fiscal_year AS fiscal_year,
        f.item AS item,
        f.basis AS basis,
        f.amount_yuan AS amount_yuan,
        f.maturity AS maturity,
        f.source_file AS source_file,
        f.source_sheet AS source_sheet,
        f.source_row AS source_row
    FROM staging.county_finance AS f
),
stage AS (
    SELECT
        s.area_code AS area_code,
        s.fiscal_year AS fiscal_year,
        s.stage AS stage,
        s.basis AS basis,
        s.spending_yuan AS spending_yuan,
        s.public_use_spending_yuan AS public_use_spending_yuan,
        s.avg_pupils AS avg_pupils,
        s.standard_yuan AS standard_yuan,
        s.maturity AS maturity,
        s.source_file AS source_file,
        s.source_sheet AS source_sheet,
        s.source_row AS source_row
    FROM staging.finance_by_stage AS s
    INNER JOIN edition AS e ON e.finance_basis = s.basis
),
both_funds AS (
    SELECT
        f.area_code AS area_code,
        f.fiscal_year AS fiscal_year
    FROM finance AS f
    WHERE f.item = '老年教育专项' AND f.basis IN ('预算', '决算')
    GROUP BY f.area_code, f.fiscal_year
    HAVING MIN(f.basis) <> MAX(f.basis)
),
both_stages AS (
    SELECT
        s.area_code AS area_code,
        s.fiscal_year AS fiscal_year
    FROM stage AS s
    WHERE s.stage IN ('中职', '普通高中') AND s.avg_pupils > 0
    GROUP BY s.area_code, s.fiscal_year
    HAVING MIN(s.stage) <> MAX(s.stage)
),
both_years AS (
    SELECT
        s.area_code AS area_code,
        s.fiscal_year AS fiscal_year
    FROM stage AS s
    INNER JOIN stage AS b ON b.area_code = s.area_code AND b.fiscal_year = s.fiscal_year - 1
    GROUP BY s.area_code, s.fiscal_year
),
-- units that have money of a stage, but left blank (or 0) the pupils it is divided by; or have pupils and no standard
blank AS (
    SELECT
        'compulsory_public_funds_vs_nation' AS indicator_id,
        'computed' AS variant,
        CASE s.stage WHEN '小学' THEN 'primary' ELSE 'junior' END AS segment,
        'avg_pupils_blank' AS lacking,
        s.area_code AS area_code,
        s.fiscal_year AS fiscal_year,
        s.stage AS stage,
        s.basis AS basis,
        s.maturity AS maturity,
        s.source_file AS source_file,
        s.source_sheet AS source_sheet,
        s.source_row AS source_row
    FROM stage AS s
    WHERE s.stage IN ('小学', '初中') AND (s.avg_pupils IS NULL OR s.avg_pupils = 0) AND s.public_use_spending_yuan > 0
    UNION ALL
    SELECT
        'vocational_vs_senior_high_funding' AS indicator_id,
        CASE s.stage WHEN '中职' THEN 'computed' ELSE 'benchmark' END AS variant,
        'all' AS segment,
        'avg_pupils_blank' AS lacking,
        s.area_code AS area_code,
        s.fiscal_year AS fiscal_year,
        s.stage AS stage,
        s.basis AS basis,
        s.maturity AS maturity,
        s.source_file AS source_file,
        s.source_sheet AS source_sheet,
        s.source_row AS source_row
    FROM stage AS s
    WHERE s.stage IN ('中职', '普通高中') AND (s.avg_pupils IS NULL OR s.avg_pupils = 0) AND s.spending_yuan > 0
    UNION ALL
    SELECT
        CASE s.stage WHEN '学前' THEN 'kindergarten_public_funds_standard' ELSE 'senior_high_public_funds_standard' END
            AS indicator_id,
        'computed' AS variant,
        'all' AS segment,
        CASE WHEN s.avg_pupils > 0 THEN 'standard_blank' ELSE 'avg_pupils_blank' END AS lacking,
        s.area_code AS area_code,
        s.fiscal_year AS fiscal_year,
        s.stage AS stage,
        s.basis AS basis,
        s.maturity AS maturity,
        s.source_file AS source_file,
        s.source_sheet AS source_sheet,
        s.source_row AS source_row
    FROM stage AS s
    WHERE s.stage IN ('学前', '普通高中')
        AND (
            (s.avg_pupils > 0 AND s.standard_yuan IS NULL)
            OR ((s.avg_pupils IS NULL OR s.avg_pupils = 0) AND s.spending_yuan > 0)
        )
),
final AS (
    SELECT
        'education_spending_total' AS indicator_id,
        'computed' AS variant,
        f.area_code AS area_code,
        'all' AS segment,
        'fiscal_year' AS period_kind,
        f.fiscal_year AS period,
        f.area_code AS unit_id,
        a.name_zh AS unit_name,
        CAST(f.amount_yuan * 100 AS BIGINT) AS numerator,
        CAST(NULL AS BIGINT) AS denominator,
        CAST(NULL AS VARCHAR) AS lacking,
        f.basis AS basis,
        f.maturity AS maturity,
        f.source_file AS source_file,
        f.source_sheet AS source_sheet,
        f.source_row AS source_row
    FROM finance AS f
    INNER JOIN area AS a ON a.area_code = f.area_code
    CROSS JOIN edition AS e
    WHERE f.item = e.finance_item AND f.basis = e.finance_basis
    UNION ALL
    SELECT
        'university_bonds' AS indicator_id,
        'computed' AS variant,
        f.area_code AS area_code,
        'all' AS segment,
        'fiscal_year' AS period_kind,
        f.fiscal_year AS period,
        f.area_code AS unit_id,
        a.name_zh AS unit_name,
        CAST(f.amount_yuan * 100 AS BIGINT) AS numerator,
        CAST(NULL AS BIGINT) AS denominator,
        CAST(NULL AS VARCHAR) AS lacking,
        f.basis AS basis,
        f.maturity AS maturity,
        f.source_file AS source_file,
        f.source_sheet AS source_sheet,
        f.source_row AS source_row
    FROM finance AS f
    INNER JOIN area AS a ON a.area_code = f.area_code
    CROSS JOIN edition AS e
    WHERE f.item = '政府债券支持高校' AND f.basis = e.finance_basis
    UNION ALL
    SELECT
        'elderly_education_funds' AS indicator_id,
        'paid' AS variant,
        f.area_code AS area_code,
        'all' AS segment,
        'fiscal_year' AS period_kind,
        f.fiscal_year AS period,
        f.area_code AS unit_id,
        a.name_zh AS unit_name,
        CAST(CASE WHEN f.basis = '决算' THEN f.amount_yuan * 100 END AS BIGINT) AS numerator,
        CAST(CASE WHEN f.basis = '预算' THEN f.amount_yuan * 100 END AS BIGINT) AS denominator,
        'not_paid_in_full' AS lacking,
        '决算÷预算' AS basis,
        f.maturity AS maturity,
        f.source_file AS source_file,
        f.source_sheet AS source_sheet,
        f.source_row AS source_row
    FROM finance AS f
    INNER JOIN area AS a ON a.area_code = f.area_code
    INNER JOIN both_funds AS b ON b.area_code = f.area_code AND b.fiscal_year = f.fiscal_year
    WHERE f.item = '老年教育专项' AND f.basis IN ('预算', '决算')
    UNION ALL
    SELECT
        'compulsory_public_funds_vs_nation' AS indicator_id,
        'computed' AS variant,
        s.area_code AS area_code,
        CASE s.stage WHEN '小学' THEN 'primary' ELSE 'junior' END AS segment,
        'fiscal_year' AS period_kind,
        s.fiscal_year AS period,
        s.area_code AS unit_id,
        a.name_zh AS unit_name,
        CAST(s.public_use_spending_yuan * 100 AS BIGINT) AS numerator,
        CAST(s.avg_pupils * 100 AS BIGINT) AS denominator,
        CAST(NULL AS VARCHAR) AS lacking,
        s.basis AS basis,
        s.maturity AS maturity,
        s.source_file AS source_file,
        s.source_sheet AS source_sheet,
        s.source_row AS source_row
    FROM stage AS s
    INNER JOIN area AS a ON a.area_code = s.area_code
    WHERE s.stage IN ('小学', '初中') AND s.avg_pupils > 0
    UNION ALL
    SELECT
        'vocational_vs_senior_high_funding' AS indicator_id,
        CASE s.stage WHEN '中职' THEN 'computed' ELSE 'benchmark' END AS variant,
        s.area_code AS area_code,
        'all' AS segment,
        'fiscal_year' AS period_kind,
        s.fiscal_year AS period,
        s.area_code AS unit_id,
        a.name_zh AS unit_name,
        CAST(s.spending_yuan * 100 AS BIGINT) AS numerator,
        CAST(s.avg_pupils * 100 AS BIGINT) AS denominator,
        CAST(NULL AS VARCHAR) AS lacking,
        s.basis AS basis,
        s.maturity AS maturity,
        s.source_file AS source_file,
        s.source_sheet AS source_sheet,
        s.source_row AS source_row
    FROM stage AS s
    INNER JOIN area AS a ON a.area_code = s.area_code
    INNER JOIN both_stages AS b ON b.area_code = s.area_code AND b.fiscal_year = s.fiscal_year
    WHERE s.stage IN ('中职', '普通高中') AND s.avg_pupils > 0
    UNION ALL
    SELECT
        'senior_high_public_funds_standard' AS indicator_id,
        'computed' AS variant,
        s.area_code AS area_code,
        'all' AS segment,
        'fiscal_year' AS period_kind,
        s.fiscal_year AS period,
        s.area_code AS unit_id,
        a.name_zh AS unit_name,
        CAST(s.standard_yuan * 100 * CAST(s.avg_pupils * 100 AS BIGINT) AS BIGINT) AS numerator,
        CAST(s.avg_pupils * 100 AS BIGINT) AS denominator,
        CAST(NULL AS VARCHAR) AS lacking,
        s.basis AS basis,
        s.maturity AS maturity,
        s.source_file AS source_file,
        s.source_sheet AS source_sheet,
        s.source_row AS source_row
    FROM stage AS s
    INNER JOIN area AS a ON a.area_code = s.area_code
    WHERE s.stage = '普通高中' AND s.standard_yuan IS NOT NULL AND s.avg_pupils > 0
    UNION ALL
    SELECT
        'kindergarten_public_funds_standard' AS indicator_id,
        'computed' AS variant,
        s.area_code AS area_code,
        'all' AS segment,
        'fiscal_year' AS period_kind,
        s.fiscal_year AS period,
        s.area_code AS unit_id,
        a.name_zh AS unit_name,
        CAST(s.standard_yuan * 100 * CAST(s.avg_pupils * 100 AS BIGINT) AS BIGINT) AS numerator,
        CAST(s.avg_pupils * 100 AS BIGINT) AS denominator,
        CAST(NULL AS VARCHAR) AS lacking,
        s.basis AS basis,
        s.maturity AS maturity,
        s.source_file AS source_file,
        s.source_sheet AS source_sheet,
        s.source_row AS source_row
    FROM stage AS s
    INNER JOIN area AS a ON a.area_code = s.area_code
    WHERE s.stage = '学前' AND s.standard_yuan IS NOT NULL AND s.avg_pupils > 0
    UNION ALL
    SELECT
        'new_funds_to_vocational' AS indicator_id,
        'of_increment' AS variant,
        s.area_code AS area_code,
        'all' AS segment,
        'fiscal_year' AS period_kind,
        s.fiscal_year AS period,
        s.area_code AS unit_id,
        a.name_zh AS unit_name,
        CAST(CASE WHEN s.stage = '中职' THEN s.spending_yuan * 100 ELSE 0 END AS BIGINT) AS numerator,
        CAST(s.spending_yuan * 100 AS BIGINT) AS denominator,
        CAST(NULL AS VARCHAR) AS lacking,
        s.basis AS basis,
        s.maturity AS maturity,
        s.source_file AS source_file,
        s.source_sheet AS source_sheet,
        s.source_row AS source_row
    FROM stage AS s
    INNER JOIN area AS a ON a.area_code = s.area_code
    INNER JOIN both_years AS b ON b.area_code = s.area_code AND b.fiscal_year = s.fiscal_year
    UNION ALL
    SELECT
        'new_funds_to_vocational' AS indicator_id,
        'of_increment' AS variant,
        s.area_code AS area_code,
        'all' AS segment,
        'fiscal_year' AS period_kind,
        s.fiscal_year + 1 AS period,
        s.area_code AS unit_id,
        a.name_zh AS unit_name,
        CAST(CASE WHEN s.stage = '中职' THEN s.spending_yuan * -100 ELSE 0 END AS BIGINT) AS numerator,
        CAST(s.spending_yuan * -100 AS BIGINT) AS denominator,
        CAST(NULL AS VARCHAR) AS lacking,
        s.basis AS basis,
        s.maturity AS maturity,
        s.source_file AS source_file,
        s.source_sheet AS source_sheet,
        s.source_row AS source_row
    FROM stage AS s
    INNER JOIN area AS a ON a.area_code = s.area_code
    INNER JOIN both_years AS b ON b.area_code = s.area_code AND b.fiscal_year = s.fiscal_year + 1
    UNION ALL
    SELECT
        'new_funds_to_vocational' AS indicator_id,
        'of_previous' AS variant,
        s.area_code AS area_code,
        'all' AS segment,
        'fiscal_year' AS period_kind,
        s.fiscal_year + 1 AS period,
        s.area_code AS unit_id,
        a.name_zh AS unit_name,
        CAST(CASE WHEN s.stage = '中职' THEN s.spending_yuan * 100 ELSE 0 END AS BIGINT) AS numerator,
        CAST(s.spending_yuan * 100 AS BIGINT) AS denominator,
        CAST(NULL AS VARCHAR) AS lacking,
        s.basis AS basis,
        s.maturity AS maturity,
        s.source_file AS source_file,
        s.source_sheet AS source_sheet,
        s.source_row AS source_row
    FROM stage AS s
    INNER JOIN area AS a ON a.area_code = s.area_code
    INNER JOIN both_years AS b ON b.area_code = s.area_code AND b.fiscal_year = s.fiscal_year + 1
    UNION ALL
    SELECT
        b.indicator_id AS indicator_id,
        b.variant AS variant,
        b.area_code AS area_code,
        b.segment AS segment,
        'fiscal_year' AS period_kind,
        b.fiscal_year AS period,
        b.area_code || ' ' || b.stage AS unit_id,
        a.name_zh || b.stage AS unit_name,
        CAST(NULL AS BIGINT) AS numerator,
        CAST(NULL AS BIGINT) AS denominator,
        b.lacking AS lacking,
        b.basis AS basis,
        b.maturity AS maturity,
        b.source_file AS source_file,
        b.source_sheet AS source_sheet,
        b.source_row AS source_row
    FROM blank AS b
    INNER JOIN area AS a ON a.area_code = b.area_code
)
SELECT
    f.indicator_id AS indicator_id,
    f.variant AS variant,
    f.area_code AS area_code,
    f.segment AS segment,
    f.period_kind AS period_kind,
    f.period AS period,
    f.unit_id AS unit_id,
    f.unit_name AS unit_name,
    f.numerator AS numerator,
    f.denominator AS denominator,
    f.lacking AS lacking,
    f.basis AS basis,
    f.maturity AS maturity,
    f.source_file AS source_file,
    f.source_sheet AS source_sheet,
    f.source_row AS source_row
FROM final AS f
