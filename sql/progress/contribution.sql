-- 各单位对全市缺口的贡献:一行一承诺、单位(报告年度)。
-- A row is one unit's missing persons (schools, villages, ...) against the target of a rate, G_c = target x D_c - N_c
-- (negative: surplus), and its share of the gross shortfall. exact_gap is the same unrounded; it adds up over the units
-- to that of their sum, because numerators and denominators add. Every commitment whose value is 100 x N / D and that
-- assesses its units; the year's own N and D, never pooled ones.
WITH commitment AS (
    SELECT
        c.id AS commitment_id,
        -- of a share that complies with a ceiling, too, more is better
        CAST(CASE WHEN c.value_is = 'share_complying' THEN 1 ELSE c.direction_sign END AS DECIMAL(38, 0)) AS sign
    FROM raw.commitment AS c
    WHERE c.counties = 'assessed' AND c.kind <> 'never_decrease'
),
verdict AS (
    SELECT
        v.commitment_id AS commitment_id,
        v.area_code AS area_code,
        v.target_num AS target_num,
        v.target_den AS target_den,
        v.gap_persons AS gap_persons,
        v.surplus_persons AS surplus_persons
    FROM progress.verdict AS v
    WHERE v.is_reported AND NOT v.is_total AND v.assessed AND v.segment = 'all' AND v.gap_persons IS NOT NULL
),
rate AS (
    SELECT
        o.commitment_id AS commitment_id,
        o.area_code AS area_code,
        CAST(o.numerator AS DECIMAL(38, 0)) AS numerator,
        CAST(o.denominator AS DECIMAL(38, 0)) AS denominator
    FROM progress.observation AS o
    WHERE o.is_reported AND o.segment = 'all' AND o.denominator IS NOT NULL
        AND o.value_num * CAST(o.denominator AS DECIMAL(38, 0))
            = 100 * CAST(o.numerator AS DECIMAL(38, 0)) * o.value_den
),
gap AS (
    SELECT
        v.commitment_id AS commitment_id,
        v.area_code AS area_code,
        v.gap_persons - v.surplus_persons AS gap_persons,
        v.gap_persons AS missing,
        c.sign * (v.target_num * r.denominator - 100 * v.target_den * r.numerator) AS exact_gap_num,
        100 * v.target_den AS exact_gap_den
    FROM verdict AS v
    INNER JOIN commitment AS c ON c.commitment_id = v.commitment_id
    INNER JOIN rate AS r ON r.commitment_id = v.commitment_id AND r.area_code = v.area_code
),
total AS (
    SELECT
        g.commitment_id AS commitment_id,
        SUM(g.missing) AS shortfall
    FROM gap AS g
    GROUP BY g.commitment_id
)
SELECT
    g.commitment_id AS commitment_id,
    g.area_code AS area_code,
    CAST(g.gap_persons AS BIGINT) AS gap_persons,
    g.exact_gap_num AS exact_gap_num,
    g.exact_gap_den AS exact_gap_den,
    CASE WHEN t.shortfall > 0 THEN CAST(g.missing AS BIGINT) END AS share_num,
    CASE WHEN t.shortfall > 0 THEN CAST(t.shortfall AS BIGINT) END AS share_den
FROM gap AS g
INNER JOIN total AS t ON t.commitment_id = g.commitment_id
