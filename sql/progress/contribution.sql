-- 各单位对全市缺口的贡献:一行一承诺、单位(报告年度)。
-- A row is one unit's missing persons against the target, G_c = target x D_c - N_c (negative: surplus), and its share
-- of the gross shortfall. Additive, because numerators and denominators add. Assessed units of commitments that are
-- judged by unit only.
WITH verdict AS (
    SELECT
        v.commitment_id AS commitment_id,
        v.area_code AS area_code,
        v.gap_persons AS gap_persons,
        v.surplus_persons AS surplus_persons
    FROM progress.verdict AS v
    WHERE v.kind = 'level_by_year' AND v.is_reported AND NOT v.is_total AND v.assessed AND v.gap_persons IS NOT NULL
),
commitment AS (
    SELECT
        c.id AS commitment_id
    FROM raw.commitment AS c
    WHERE c.counties = 'assessed'
),
gap AS (
    SELECT
        v.commitment_id AS commitment_id,
        v.area_code AS area_code,
        v.gap_persons - v.surplus_persons AS gap_persons,
        v.gap_persons AS missing
    FROM verdict AS v
    INNER JOIN commitment AS c ON c.commitment_id = v.commitment_id
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
    CASE WHEN t.shortfall > 0 THEN CAST(g.missing AS BIGINT) END AS share_num,
    CASE WHEN t.shortfall > 0 THEN CAST(t.shortfall AS BIGINT) END AS share_den
FROM gap AS g
INNER JOIN total AS t ON t.commitment_id = g.commitment_id
