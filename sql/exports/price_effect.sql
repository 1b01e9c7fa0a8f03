-- 公开数据:名义增长与剔除价格因素后的增长(%),仅供参考。
SELECT
    e.data_status AS data_status,
    x.commitment_id AS commitment_id,
    x.area_code AS area_code,
    a.name_zh AS area_name_zh,
    a.name_en AS area_name_en,
    x.segment AS segment,
    x.from_period AS from_period,
    x.to_period AS to_period,
    x.nominal_change_num AS nominal_change_num,
    x.nominal_change_den AS nominal_change_den,
    x.cpi_num AS cpi_num,
    x.cpi_den AS cpi_den,
    x.cpi_area AS cpi_area,
    x.real_change_num AS real_change_num,
    x.real_change_den AS real_change_den,
    x.real_fall AS real_fall,
    e.vintage_id AS vintage_id
FROM progress.price_effect AS x
CROSS JOIN raw.edition AS e
LEFT JOIN core.area AS a ON a.area_code = x.area_code
ORDER BY x.commitment_id, x.area_code, x.segment
