-- 公开数据:全部指标值,一行一指标、算法、单位、分组、年度;比率由 value_num / value_den 给出。
SELECT
    e.data_status AS data_status,
    v.indicator_id AS indicator_id,
    v.variant AS variant,
    v.area_code AS area_code,
    a.name_zh AS area_name_zh,
    a.name_en AS area_name_en,
    v.segment AS segment,
    v.period_kind AS period_kind,
    v.period AS period,
    v.numerator AS numerator,
    v.denominator AS denominator,
    v.value_num AS value_num,
    v.value_den AS value_den,
    v.value_source AS value_source,
    CASE
        WHEN v.value_source = 'suppressed' THEN 'suppressed'
        WHEN v.value_num IS NULL THEN 'not_reported'
        WHEN v.maturity = 'preliminary' THEN 'provisional'
    END AS value_status,
    v.basis AS basis,
    v.maturity AS maturity,
    v.source_title AS source_title,
    e.vintage_id AS vintage_id
FROM progress.indicator_value AS v
CROSS JOIN raw.edition AS e
LEFT JOIN core.area AS a ON a.area_code = v.area_code
ORDER BY v.indicator_id, v.variant, v.area_code, v.segment, v.period_kind, v.period
