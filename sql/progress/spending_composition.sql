-- 生均支出变化的结构:一行一单位、学段、起止年度,精确分为学段水平变化与学生结构变化。
-- A row is what one stage adds to the change of per-pupil spending of a unit (or of the whole area), in yuan, as two
-- products: level = mean_share x stage_change, with mean_share = (w0 + w1) / 2 and stage_change = P1_s - P0_s;
-- mix = stage_mean x share_change, with stage_mean = (P0_s + P1_s) / 2 and share_change = w1 - w0; w is the stage's
-- share of average pupils. The sum of level and mix over the stages is the change (change_num / change_den) exactly.
-- Only stages with average pupils, on the basis of the plan, that the unit has in both years (what is left out stands in
-- progress.spending_left_out); so the totals are those of these stages and not those of all spending. From the year before
-- and from the base year of each promise on the figure, to the reported year.
WITH edition AS (
    SELECT
        e.area_code AS area_code,
        e.finance_basis AS finance_basis
    FROM raw.edition AS e
),
promise AS (
    SELECT
        MAX(c.reported_period) AS reported_period
    FROM raw.commitment AS c
    WHERE c.indicator_id = 'per_pupil_spending'
),
compared AS (
    SELECT
        p.reported_period AS to_period,
        c.base_period AS from_period
    FROM promise AS p
    INNER JOIN raw.commitment AS c ON c.reported_period = p.reported_period
    WHERE c.indicator_id = 'per_pupil_spending'
    UNION
    SELECT
        p.reported_period AS to_period,
        p.reported_period - 1 AS from_period
    FROM promise AS p
),
received AS (
    SELECT
        s.area_code AS area_code,
        s.fiscal_year AS fiscal_year,
        s.stage AS stage,
        CAST(SUM(s.spending_yuan * 100) AS DECIMAL(38, 0)) AS spending,
        CAST(SUM(s.avg_pupils * 100) AS DECIMAL(38, 0)) AS pupils
    FROM staging.finance_by_stage AS s
    INNER JOIN edition AS e ON e.finance_basis = s.basis
    WHERE s.avg_pupils > 0
    GROUP BY s.area_code, s.fiscal_year, s.stage
),
unit_pairs AS (
    SELECT
        t.area_code AS area_code,
        t.stage AS stage,
        f.fiscal_year AS from_period,
        t.fiscal_year AS to_period,
        f.spending AS e0,
        f.pupils AS s0,
        t.spending AS e1,
        t.pupils AS s1
    FROM received AS t
    INNER JOIN compared AS c ON c.to_period = t.fiscal_year
    INNER JOIN received AS f
        ON f.area_code = t.area_code AND f.stage = t.stage AND f.fiscal_year = c.from_period
    WHERE f.fiscal_year < t.fiscal_year
),
-- like with like: a unit's stage counts in the whole area only where both years have it
pairs AS (
    SELECT
        u.area_code AS area_code,
        u.stage AS stage,
        u.from_period AS from_period,
        u.to_period AS to_period,
        u.e0 AS e0,
        u.s0 AS s0,
        u.e1 AS e1,
        u.s1 AS s1
    FROM unit_pairs AS u
    UNION ALL
    SELECT
        e.area_code AS area_code,
        u.stage AS stage,
        u.from_period AS from_period,
        u.to_period AS to_period,
        CAST(SUM(u.e0) AS DECIMAL(38, 0)) AS e0,
        CAST(SUM(u.s0) AS DECIMAL(38, 0)) AS s0,
        CAST(SUM(u.e1) AS DECIMAL(38, 0)) AS e1,
        CAST(SUM(u.s1) AS DECIMAL(38, 0)) AS s1
    FROM unit_pairs AS u
    CROSS JOIN edition AS e
    WHERE u.area_code <> e.area_code
    GROUP BY e.area_code, u.stage, u.from_period, u.to_period
),
together AS (
    SELECT
        p.area_code AS area_code,
        p.from_period AS from_period,
        p.to_period AS to_period,
        CAST(SUM(p.e0) AS DECIMAL(38, 0)) AS e0,
        CAST(SUM(p.s0) AS DECIMAL(38, 0)) AS s0,
        CAST(SUM(p.e1) AS DECIMAL(38, 0)) AS e1,
        CAST(SUM(p.s1) AS DECIMAL(38, 0)) AS s1
    FROM pairs AS p
    GROUP BY p.area_code, p.from_period, p.to_period
)
SELECT
    p.area_code AS area_code,
    p.stage AS stage,
    p.from_period AS from_period,
    p.to_period AS to_period,
    p.e0 AS from_value_num,
    p.s0 AS from_value_den,
    p.e1 AS to_value_num,
    p.s1 AS to_value_den,
    p.s0 * t.s1 + p.s1 * t.s0 AS mean_share_num,
    2 * t.s0 * t.s1 AS mean_share_den,
    p.e1 * p.s0 - p.e0 * p.s1 AS stage_change_num,
    p.s0 * p.s1 AS stage_change_den,
    p.e0 * p.s1 + p.e1 * p.s0 AS stage_mean_num,
    2 * p.s0 * p.s1 AS stage_mean_den,
    p.s1 * t.s0 - p.s0 * t.s1 AS share_change_num,
    t.s0 * t.s1 AS share_change_den,
    t.e0 AS total_from_num,
    t.s0 AS total_from_den,
    t.e1 AS total_to_num,
    t.s1 AS total_to_den,
    t.e1 * t.s0 - t.e0 * t.s1 AS change_num,
    t.s0 * t.s1 AS change_den
FROM pairs AS p
INNER JOIN together AS t
    ON t.area_code = p.area_code AND t.from_period = p.from_period AND t.to_period = p.to_period
