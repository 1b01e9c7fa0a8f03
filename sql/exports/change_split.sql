-- 公开数据:县(区)对比率变化的贡献:自身变化 = mean_share × rate_change,结构变化 =(mean_rate − mean_rate_together)× share_change。
SELECT
    e.data_status AS data_status,
    x.commitment_id AS commitment_id,
    x.area_code AS area_code,
    a.name_zh AS area_name_zh,
    a.name_en AS area_name_en,
    x.segment AS segment,
    x.from_period AS from_period,
    x.to_period AS to_period,
    x.mean_share_num AS mean_share_num,
    x.mean_share_den AS mean_share_den,
    x.rate_change_num AS rate_change_num,
    x.rate_change_den AS rate_change_den,
    x.mean_rate_num AS mean_rate_num,
    x.mean_rate_den AS mean_rate_den,
    x.mean_rate_together_num AS mean_rate_together_num,
    x.mean_rate_together_den AS mean_rate_together_den,
    x.share_change_num AS share_change_num,
    x.share_change_den AS share_change_den,
    x.change_num AS change_num,
    x.change_den AS change_den,
    x.covers_whole AS covers_whole,
    e.vintage_id AS vintage_id
FROM progress.change_split AS x
CROSS JOIN raw.edition AS e
LEFT JOIN core.area AS a ON a.area_code = x.area_code
ORDER BY x.commitment_id, x.area_code, x.segment, x.from_period
