-- 公开数据:比率变化的精确分解:分子效应、分母效应(百分点),被动达标。
SELECT
    e.data_status AS data_status,
    x.commitment_id AS commitment_id,
    x.area_code AS area_code,
    a.name_zh AS area_name_zh,
    a.name_en AS area_name_en,
    x.segment AS segment,
    x.from_period AS from_period,
    x.to_period AS to_period,
    x.from_numerator AS from_numerator,
    x.from_denominator AS from_denominator,
    x.to_numerator AS to_numerator,
    x.to_denominator AS to_denominator,
    x.change_num AS change_num,
    x.change_den AS change_den,
    x.numerator_effect_num AS numerator_effect_num,
    x.numerator_effect_den AS numerator_effect_den,
    x.denominator_effect_num AS denominator_effect_num,
    x.denominator_effect_den AS denominator_effect_den,
    x.denominator_driven AS denominator_driven,
    e.vintage_id AS vintage_id
FROM progress.decomposition AS x
CROSS JOIN raw.edition AS e
LEFT JOIN core.area AS a ON a.area_code = x.area_code
ORDER BY x.commitment_id, x.area_code, x.segment, x.from_period
