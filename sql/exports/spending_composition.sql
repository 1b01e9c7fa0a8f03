-- 公开数据:生均支出变化的学段结构:水平 = mean_share × stage_change,结构 = stage_mean × share_change(元)。
SELECT
    e.data_status AS data_status,
    x.area_code AS area_code,
    a.name_zh AS area_name_zh,
    a.name_en AS area_name_en,
    x.stage AS stage,
    x.from_period AS from_period,
    x.to_period AS to_period,
    x.from_value_num AS from_value_num,
    x.from_value_den AS from_value_den,
    x.to_value_num AS to_value_num,
    x.to_value_den AS to_value_den,
    x.mean_share_num AS mean_share_num,
    x.mean_share_den AS mean_share_den,
    x.stage_change_num AS stage_change_num,
    x.stage_change_den AS stage_change_den,
    x.stage_mean_num AS stage_mean_num,
    x.stage_mean_den AS stage_mean_den,
    x.share_change_num AS share_change_num,
    x.share_change_den AS share_change_den,
    x.total_from_num AS total_from_num,
    x.total_from_den AS total_from_den,
    x.total_to_num AS total_to_num,
    x.total_to_den AS total_to_den,
    x.change_num AS change_num,
    x.change_den AS change_den,
    e.vintage_id AS vintage_id
FROM progress.spending_composition AS x
CROSS JOIN raw.edition AS e
LEFT JOIN core.area AS a ON a.area_code = x.area_code
ORDER BY x.area_code, x.from_period, x.stage
