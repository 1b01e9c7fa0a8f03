-- 公开数据:所需年均进度与近三年实际年均进度(单位与指标相同,精确分数)。
SELECT
    e.data_status AS data_status,
    x.commitment_id AS commitment_id,
    x.area_code AS area_code,
    a.name_zh AS area_name_zh,
    a.name_en AS area_name_en,
    x.segment AS segment,
    x.period AS period,
    x.due_period AS due_period,
    x.years_left AS years_left,
    x.assessed AS assessed,
    x.needed_pace_num AS needed_pace_num,
    x.needed_pace_den AS needed_pace_den,
    x.observed_years AS observed_years,
    x.observed_pace_num AS observed_pace_num,
    x.observed_pace_den AS observed_pace_den,
    x.pace AS pace,
    e.vintage_id AS vintage_id
FROM progress.pace AS x
CROSS JOIN raw.edition AS e
LEFT JOIN core.area AS a ON a.area_code = x.area_code
ORDER BY x.commitment_id, x.area_code, x.segment
