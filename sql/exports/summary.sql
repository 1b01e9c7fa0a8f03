-- 公开数据:承诺总览,一行一承诺。
SELECT
    e.data_status AS data_status,
    s.commitment_id AS commitment_id,
    s.class AS class,
    s.reason AS reason,
    s.units_tested AS units_tested,
    s.units_broken AS units_broken,
    s.units_behind AS units_behind,
    s.gross_shortfall AS gross_shortfall,
    s.net_gap AS net_gap,
    s.counties_short AS counties_short,
    s.achieved_but_uneven AS achieved_but_uneven,
    e.rule_version AS rule_version,
    e.vintage_id AS vintage_id,
    e.build_id AS build_id
FROM progress.summary AS s
CROSS JOIN raw.edition AS e
ORDER BY s.commitment_id
