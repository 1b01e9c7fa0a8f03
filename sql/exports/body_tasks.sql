-- 公开数据:责任单位任务表:主责、配合单位各自的承诺、结论、缺额和要求。
SELECT
    e.data_status AS data_status,
    x.body_zh AS body_zh,
    x.body_en AS body_en,
    x.role AS role,
    x.commitment_id AS commitment_id,
    x.area_code AS area_code,
    a.name_zh AS area_name_zh,
    a.name_en AS area_name_en,
    x.segment AS segment,
    x.period AS period,
    x.is_total AS is_total,
    x.class AS class,
    x.reason AS reason,
    x.colour AS colour,
    x.gap_persons AS gap_persons,
    x.gross_shortfall AS gross_shortfall,
    x.units_behind AS units_behind,
    x.asked AS asked,
    e.vintage_id AS vintage_id
FROM progress.body_task AS x
CROSS JOIN raw.edition AS e
LEFT JOIN core.area AS a ON a.area_code = x.area_code
ORDER BY x.body_zh, x.role, x.commitment_id, x.area_code, x.segment
