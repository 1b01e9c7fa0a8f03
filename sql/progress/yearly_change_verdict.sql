-- 年度变化类判定(抽样监测):一行一承诺、单位、年度。
-- A row is the class of one yearly_change commitment: the cumulative path from the base year decides,
-- path(t) = base + step x (t - base year); the change of the year alone stands beside it (year_met).
-- A survey's rate p of n persons that misses the path is a failure only where the path lies outside the 95 % interval
-- of Wilson: (p - path)^2 x n > z^2 x path x (100 - path). That comparison is made in whole millionths of a point
-- (each side cut off at the sixth decimal); all others are exact. A preliminary value or base gives no verdict.
WITH tested AS (
    SELECT
        v.commitment_id AS commitment_id,
        v.area_code AS area_code,
        v.segment AS segment,
        v.period AS period,
        v.sign AS sign,
        v.report_only AS report_only,
        v.value_num AS value_num,
        v.value_den AS value_den,
        v.denominator AS denominator,
        v.basis AS basis,
        v.maturity AS maturity,
        v.base_period AS base_period,
        v.base_num AS base_num,
        v.base_den AS base_den,
        v.base_basis AS base_basis,
        v.base_maturity AS base_maturity,
        v.previous_num AS previous_num,
        v.previous_den AS previous_den,
        v.step_micro AS step_micro,
        v.z_squared AS z_squared,
        v.grey AS grey
    FROM progress.tested_value AS v
    WHERE v.kind = 'yearly_change'
),
straight AS (
    SELECT
        t.commitment_id AS commitment_id,
        t.area_code AS area_code,
        t.segment AS segment,
        t.period AS period,
        CAST(t.base_num AS BIGINT) * 1000000 // CAST(t.base_den AS BIGINT) + t.step_micro * (t.period - t.base_period)
            AS path_micro,
        t.base_num * 1000000
            + CAST(t.step_micro AS DECIMAL(38, 0)) * CAST(t.period - t.base_period AS DECIMAL(38, 0)) * t.base_den
            AS path_num,
        t.base_den * 1000000 AS path_den
    FROM tested AS t
),
-- no rate is under 0 % or over 100 %: there the path ends
path AS (
    SELECT
        s.commitment_id AS commitment_id,
        s.area_code AS area_code,
        s.segment AS segment,
        s.period AS period,
        CASE WHEN s.path_num < 0 THEN 0 WHEN s.path_num > 100 * s.path_den THEN 100 * s.path_den ELSE s.path_num END
            AS path_num,
        s.path_den AS path_den,
        CAST(CASE WHEN s.path_micro < 0 THEN 0 WHEN s.path_micro > 100000000 THEN 100000000 ELSE s.path_micro END AS DECIMAL(38, 0))
            AS path_micro
    FROM straight AS s
),
distance AS (
    SELECT
        t.commitment_id AS commitment_id,
        t.area_code AS area_code,
        t.segment AS segment,
        t.period AS period,
        p.path_num AS path_num,
        p.path_den AS path_den,
        t.value_num * p.path_den - p.path_num * t.value_den AS distance_num,
        t.value_den * p.path_den AS distance_den,
        CAST(CAST(t.value_num AS BIGINT) * 1000000 // CAST(t.value_den AS BIGINT) AS DECIMAL(38, 0)) AS rate_micro,
        p.path_micro AS path_micro,
        -- did the year's own change reach the step?
        t.sign * (
            (t.value_num * t.previous_den - t.previous_num * t.value_den) * 1000000
            - CAST(t.step_micro AS DECIMAL(38, 0)) * t.value_den * t.previous_den
        ) >= 0 AS year_met
    FROM tested AS t
    INNER JOIN path AS p
        ON p.commitment_id = t.commitment_id AND p.area_code = t.area_code AND p.segment = t.segment
        AND p.period = t.period
),
greyed AS (
    SELECT
        t.commitment_id AS commitment_id,
        t.area_code AS area_code,
        t.segment AS segment,
        t.period AS period,
        CASE
            WHEN t.grey IS NOT NULL THEN t.grey
            WHEN t.base_num IS NULL THEN 'no_base'
            WHEN t.period <= t.base_period THEN 'base_year'
            WHEN t.basis <> t.base_basis THEN 'basis_break'
            WHEN (t.maturity <> 'final' OR t.base_maturity <> 'final') AND NOT t.report_only THEN 'preliminary'
        END AS grey
    FROM tested AS t
)
SELECT
    t.commitment_id AS commitment_id,
    t.area_code AS area_code,
    t.segment AS segment,
    t.period AS period,
    d.path_num AS path_num,
    d.path_den AS path_den,
    d.distance_num AS distance_num,
    d.distance_den AS distance_den,
    d.year_met AS year_met,
    -- squared distance over the squared half-width of the interval at the path: above 1 is more than the error
    (d.rate_micro - d.path_micro) * (d.rate_micro - d.path_micro) * CAST(t.denominator AS DECIMAL(38, 0)) * 1000000
        AS error_num,
    t.z_squared * d.path_micro * (100000000 - d.path_micro) AS error_den,
    CASE
        WHEN g.grey = 'not_due' THEN NULL
        WHEN g.grey IS NOT NULL THEN 'no_judgement'
        WHEN t.report_only THEN 'monitored'
        WHEN t.sign * d.distance_num >= 0 THEN 'step_reached'
        WHEN (d.rate_micro - d.path_micro) * (d.rate_micro - d.path_micro) * CAST(t.denominator AS DECIMAL(38, 0)) * 1000000
            <= t.z_squared * d.path_micro * (100000000 - d.path_micro)
            THEN 'within_error'
        ELSE 'step_missed'
    END AS class,
    NULLIF(g.grey, 'not_due') AS reason,
    COALESCE(t.maturity <> 'final', FALSE)
        OR COALESCE(t.base_maturity <> 'final' AND t.period > t.base_period, FALSE) AS flag_preliminary
FROM tested AS t
INNER JOIN distance AS d
    ON d.commitment_id = t.commitment_id AND d.area_code = t.area_code AND d.segment = t.segment AND d.period = t.period
INNER JOIN greyed AS g
    ON g.commitment_id = t.commitment_id AND g.area_code = t.area_code AND g.segment = t.segment AND g.period = t.period
