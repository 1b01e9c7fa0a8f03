-- 生均支出结构分析未纳入的部分:一行一单位、学段、起止年度,两年中只有一年有数。
-- A row is one stage of a unit that progress.spending_composition leaves out of a comparison, because only one of its two
-- years (only_in) has spending and average pupils on the basis of the plan. Listed where anybody can be compared at all.
WITH edition AS (
    SELECT
        e.finance_basis AS finance_basis
    FROM raw.edition AS e
),
received AS (
    SELECT
        s.area_code AS area_code,
        s.fiscal_year AS fiscal_year,
        s.stage AS stage
    FROM staging.finance_by_stage AS s
    INNER JOIN edition AS e ON e.finance_basis = s.basis
    WHERE s.avg_pupils > 0
    GROUP BY s.area_code, s.fiscal_year, s.stage
),
comparison AS (
    SELECT
        x.from_period AS from_period,
        x.to_period AS to_period
    FROM progress.spending_composition AS x
    GROUP BY x.from_period, x.to_period
),
sought AS (
    SELECT
        r.area_code AS area_code,
        r.stage AS stage,
        c.from_period AS from_period,
        c.to_period AS to_period,
        c.from_period AS there,
        c.to_period AS missing
    FROM comparison AS c
    INNER JOIN received AS r ON r.fiscal_year = c.from_period
    UNION ALL
    SELECT
        r.area_code AS area_code,
        r.stage AS stage,
        c.from_period AS from_period,
        c.to_period AS to_period,
        c.to_period AS there,
        c.from_period AS missing
    FROM comparison AS c
    INNER JOIN received AS r ON r.fiscal_year = c.to_period
)
SELECT
    s.area_code AS area_code,
    s.stage AS stage,
    s.from_period AS from_period,
    s.to_period AS to_period,
    s.there AS only_in
FROM sought AS s
LEFT JOIN received AS r
    ON r.area_code = s.area_code AND r.stage = s.stage AND r.fiscal_year = s.missing
WHERE r.area_code IS NULL
