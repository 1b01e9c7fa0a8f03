-- 公开数据:各单位距目标的人数差(负数为富余)及其在缺口中的份额。
SELECT
    e.data_status AS data_status,
    c.commitment_id AS commitment_id,
    c.area_code AS area_code,
    a.name_zh AS area_name_zh,
    a.name_en AS area_name_en,
    c.gap_persons AS gap_persons,
    c.exact_gap_num AS exact_gap_num,
    c.exact_gap_den AS exact_gap_den,
    c.share_num AS share_num,
    c.share_den AS share_den,
    e.vintage_id AS vintage_id
FROM progress.contribution AS c
CROSS JOIN raw.edition AS e
LEFT JOIN core.area AS a ON a.area_code = c.area_code
ORDER BY c.commitment_id, c.area_code
