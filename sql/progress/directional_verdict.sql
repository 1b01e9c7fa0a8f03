-- 方向类:一行一承诺、单位、年度;只列数值和走势,不设合格线。
-- A row is one directional commitment in one unit and period: shown, never judged.
WITH tested AS (
    SELECT
        v.commitment_id AS commitment_id,
        v.area_code AS area_code,
        v.segment AS segment,
        v.period AS period,
        v.maturity AS maturity,
        v.grey AS grey
    FROM progress.tested_value AS v
    WHERE v.kind = 'directional'
)
SELECT
    t.commitment_id AS commitment_id,
    t.area_code AS area_code,
    t.segment AS segment,
    t.period AS period,
    CASE WHEN t.grey = 'not_due' THEN NULL WHEN t.grey IS NOT NULL THEN 'no_judgement' ELSE 'monitored' END AS class,
    NULLIF(t.grey, 'not_due') AS reason,
    COALESCE(t.maturity <> 'final', FALSE) AS flag_preliminary
FROM tested AS t
