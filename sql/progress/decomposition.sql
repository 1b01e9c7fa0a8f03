-- 变化分解:一行一承诺、单位、起止年度,把比率的变化精确分为分子效应与分母效应。
-- A row splits the change of a computed rate, in points, without residual (two-factor Shapley):
-- numerator effect = (N1 - N0) x (1/D0 + 1/D1) / 2; denominator effect = (N0 + N1) / 2 x (1/D1 - 1/D0).
-- From the base year and from the year before, to the reported year; one basis only.
WITH verdict AS (
    SELECT
        v.commitment_id AS commitment_id,
        v.area_code AS area_code,
        v.segment AS segment,
        v.period AS period,
        v.base_period AS base_period,
        v.is_reported AS is_reported,
        v.basis AS basis,
        CAST(v.numerator AS DECIMAL(38, 0)) AS numerator,
        CAST(v.denominator AS DECIMAL(38, 0)) AS denominator
    FROM progress.verdict AS v
    WHERE v.kind = 'level_by_year' AND v.value_source = 'computed'
),
pairs AS (
    SELECT
        t.commitment_id AS commitment_id,
        t.area_code AS area_code,
        f.period AS from_period,
        t.period AS to_period,
        f.numerator AS n0,
        f.denominator AS d0,
        t.numerator AS n1,
        t.denominator AS d1
    FROM verdict AS t
    INNER JOIN verdict AS f
        ON f.commitment_id = t.commitment_id
        AND f.area_code = t.area_code
        AND f.segment = t.segment
        AND f.basis = t.basis
        AND (f.period = t.base_period OR f.period = t.period - 1)
    WHERE t.is_reported AND f.period < t.period
)
SELECT
    p.commitment_id AS commitment_id,
    p.area_code AS area_code,
    p.from_period AS from_period,
    p.to_period AS to_period,
    100 * (p.n1 * p.d0 - p.n0 * p.d1) AS change_num,
    p.d0 * p.d1 AS change_den,
    100 * (p.n1 - p.n0) * (p.d0 + p.d1) AS numerator_effect_num,
    2 * p.d0 * p.d1 AS numerator_effect_den,
    100 * (p.n0 + p.n1) * (p.d0 - p.d1) AS denominator_effect_num,
    2 * p.d0 * p.d1 AS denominator_effect_den
FROM pairs AS p
