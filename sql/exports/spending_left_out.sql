-- 公开数据:生均支出结构分析未纳入的单位、学段(两年中只有一年有数)。
SELECT
    e.data_status AS data_status,
    x.area_code AS area_code,
    a.name_zh AS area_name_zh,
    a.name_en AS area_name_en,
    x.stage AS stage,
    x.from_period AS from_period,
    x.to_period AS to_period,
    x.only_in AS only_in,
    e.vintage_id AS vintage_id
FROM progress.spending_left_out AS x
CROSS JOIN raw.edition AS e
LEFT JOIN core.area AS a ON a.area_code = x.area_code
ORDER BY x.area_code, x.from_period, x.stage
