-- 县(区)对全市变化的贡献:一行一承诺、单位、分组、起止年度,精确分为自身变化与结构变化。
-- A row is what one unit adds to the change of the rate of all units together, in points, as two products:
-- within = mean_share x rate_change, with mean_share = (w0 + w1) / 2 and rate_change = R1_c - R0_c;
-- between = (mean_rate - mean_rate_together) x share_change, with mean_rate = (R0_c + R1_c) / 2, mean_rate_together =
-- (R0 + R1) / 2 and share_change = w1 - w0; w = D_c / D. The sum of within and between over the units is the change
-- (change_num / change_den) exactly. The factors are kept apart: a whole number is a product of two counts at most (and a
-- small one), which stays within 38 digits for a nation's budgets in hundredths of a yuan too.
-- Units with a value on one basis in both years; covers_whole: their sums are the whole area's own numerator and
-- denominator in both years, so that the change is that of the area.
WITH commitment AS (
    SELECT
        c.id AS commitment_id,
        c.indicator_id AS indicator_id,
        COALESCE(c.county_variant, c.variant) AS variant,
        c.period_kind AS period_kind,
        c.base_period AS base_period,
        c.reported_period AS reported_period
    FROM raw.commitment AS c
    WHERE c.indicator_id IS NOT NULL AND c.counties <> 'none'
),
edition AS (
    SELECT
        e.area_code AS area_code
    FROM raw.edition AS e
),
rate AS (
    SELECT
        c.commitment_id AS commitment_id,
        v.area_code AS area_code,
        v.segment AS segment,
        v.period AS period,
        v.basis AS basis,
        v.area_code = e.area_code AS is_total,
        CAST(v.numerator AS DECIMAL(38, 0)) AS numerator,
        CAST(v.denominator AS DECIMAL(38, 0)) AS denominator
    FROM progress.indicator_value AS v
    INNER JOIN commitment AS c
        ON c.indicator_id = v.indicator_id AND c.variant = v.variant AND c.period_kind = v.period_kind
    CROSS JOIN edition AS e
    WHERE v.value_source = 'computed'
        AND v.denominator > 0
        AND v.value_num * CAST(v.denominator AS DECIMAL(38, 0))
            = 100 * CAST(v.numerator AS DECIMAL(38, 0)) * v.value_den
),
pairs AS (
    SELECT
        t.commitment_id AS commitment_id,
        t.area_code AS area_code,
        t.segment AS segment,
        f.period AS from_period,
        t.period AS to_period,
        t.is_total AS is_total,
        f.numerator AS n0,
        f.denominator AS d0,
        t.numerator AS n1,
        t.denominator AS d1
    FROM rate AS t
    INNER JOIN commitment AS c ON c.commitment_id = t.commitment_id AND c.reported_period = t.period
    INNER JOIN rate AS f
        ON f.commitment_id = t.commitment_id AND f.area_code = t.area_code AND f.segment = t.segment
        AND f.basis = t.basis AND (f.period = c.base_period OR f.period = t.period - 1)
    WHERE f.period < t.period
),
together AS (
    SELECT
        p.commitment_id AS commitment_id,
        p.segment AS segment,
        p.from_period AS from_period,
        p.to_period AS to_period,
        CAST(SUM(CASE WHEN p.is_total THEN 0 ELSE p.n0 END) AS DECIMAL(38, 0)) AS n0,
        CAST(SUM(CASE WHEN p.is_total THEN 0 ELSE p.d0 END) AS DECIMAL(38, 0)) AS d0,
        CAST(SUM(CASE WHEN p.is_total THEN 0 ELSE p.n1 END) AS DECIMAL(38, 0)) AS n1,
        CAST(SUM(CASE WHEN p.is_total THEN 0 ELSE p.d1 END) AS DECIMAL(38, 0)) AS d1,
        MAX(CASE WHEN p.is_total THEN p.n0 END) AS whole_n0,
        MAX(CASE WHEN p.is_total THEN p.d0 END) AS whole_d0,
        MAX(CASE WHEN p.is_total THEN p.n1 END) AS whole_n1,
        MAX(CASE WHEN p.is_total THEN p.d1 END) AS whole_d1
    FROM pairs AS p
    GROUP BY p.commitment_id, p.segment, p.from_period, p.to_period
)
SELECT
    p.commitment_id AS commitment_id,
    p.area_code AS area_code,
    p.segment AS segment,
    p.from_period AS from_period,
    p.to_period AS to_period,
    p.d0 * t.d1 + p.d1 * t.d0 AS mean_share_num,
    2 * t.d0 * t.d1 AS mean_share_den,
    100 * (p.n1 * p.d0 - p.n0 * p.d1) AS rate_change_num,
    p.d0 * p.d1 AS rate_change_den,
    50 * (p.n0 * p.d1 + p.n1 * p.d0) AS mean_rate_num,
    p.d0 * p.d1 AS mean_rate_den,
    50 * (t.n0 * t.d1 + t.n1 * t.d0) AS mean_rate_together_num,
    t.d0 * t.d1 AS mean_rate_together_den,
    p.d1 * t.d0 - p.d0 * t.d1 AS share_change_num,
    t.d0 * t.d1 AS share_change_den,
    100 * (t.n1 * t.d0 - t.n0 * t.d1) AS change_num,
    t.d0 * t.d1 AS change_den,
    COALESCE(t.whole_n0 = t.n0 AND t.whole_d0 = t.d0 AND t.whole_n1 = t.n1 AND t.whole_d1 = t.d1, FALSE) AS covers_whole
FROM pairs AS p
INNER JOIN together AS t
    ON t.commitment_id = p.commitment_id AND t.segment = p.segment
    AND t.from_period = p.from_period AND t.to_period = p.to_period
WHERE NOT p.is_total
