-- 变化分解:一行一承诺、单位、分组、起止年度,把比率的变化精确分为分子效应与分母效应。
-- A row splits the change of a computed rate, in points, without residual (two-factor Shapley):
-- numerator effect = (N1 - N0) x (1/D0 + 1/D1) / 2; denominator effect = (N0 + N1) / 2 x (1/D1 - 1/D0).
-- From the base year and from the year before, to the reported year; one basis only. Every commitment whose value is
-- 100 x N / D; the year's own N and D, never pooled ones. The four numbers are given too: 100 x N1 / D0 is the rate
-- with the old denominator, 100 x N0 / D1 the rate with the old numerator.
-- denominator_driven (被动达标): the rate moved the right way although the numerator alone moved it the wrong way.
WITH commitment AS (
    SELECT
        c.id AS commitment_id,
        c.base_period AS base_period,
        c.reported_period AS reported_period,
        -- of a share that complies with a ceiling, too, more is better
        CAST(CASE WHEN c.value_is = 'share_complying' THEN 1 ELSE c.direction_sign END AS DECIMAL(38, 0)) AS sign
    FROM raw.commitment AS c
),
rate AS (
    SELECT
        o.commitment_id AS commitment_id,
        o.area_code AS area_code,
        o.segment AS segment,
        o.period AS period,
        o.basis AS basis,
        CAST(o.numerator AS DECIMAL(38, 0)) AS numerator,
        CAST(o.denominator AS DECIMAL(38, 0)) AS denominator
    FROM progress.observation AS o
    WHERE o.value_source = 'computed'
        AND o.denominator > 0
        AND o.value_num * CAST(o.denominator AS DECIMAL(38, 0))
            = 100 * CAST(o.numerator AS DECIMAL(38, 0)) * o.value_den
),
pairs AS (
    SELECT
        t.commitment_id AS commitment_id,
        t.area_code AS area_code,
        t.segment AS segment,
        f.period AS from_period,
        t.period AS to_period,
        c.sign AS sign,
        f.numerator AS n0,
        f.denominator AS d0,
        t.numerator AS n1,
        t.denominator AS d1
    FROM rate AS t
    INNER JOIN commitment AS c ON c.commitment_id = t.commitment_id AND c.reported_period = t.period
    INNER JOIN rate AS f
        ON f.commitment_id = t.commitment_id
        AND f.area_code = t.area_code
        AND f.segment = t.segment
        AND f.basis = t.basis
        AND (f.period = c.base_period OR f.period = t.period - 1)
    WHERE f.period < t.period
)
SELECT
    p.commitment_id AS commitment_id,
    p.area_code AS area_code,
    p.segment AS segment,
    p.from_period AS from_period,
    p.to_period AS to_period,
    CAST(p.n0 AS BIGINT) AS from_numerator,
    CAST(p.d0 AS BIGINT) AS from_denominator,
    CAST(p.n1 AS BIGINT) AS to_numerator,
    CAST(p.d1 AS BIGINT) AS to_denominator,
    100 * (p.n1 * p.d0 - p.n0 * p.d1) AS change_num,
    p.d0 * p.d1 AS change_den,
    100 * (p.n1 - p.n0) * (p.d0 + p.d1) AS numerator_effect_num,
    2 * p.d0 * p.d1 AS numerator_effect_den,
    100 * (p.n0 + p.n1) * (p.d0 - p.d1) AS denominator_effect_num,
    2 * p.d0 * p.d1 AS denominator_effect_den,
    p.sign * (p.n1 * p.d0 - p.n0 * p.d1) > 0 AND p.sign * (p.n1 - p.n0) < 0 AS denominator_driven
FROM pairs AS p
