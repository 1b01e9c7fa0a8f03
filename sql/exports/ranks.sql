-- 公开数据:县(区)位次:只列方案许可排位的承诺,并列同位。
SELECT
    e.data_status AS data_status,
    x.commitment_id AS commitment_id,
    x.area_code AS area_code,
    a.name_zh AS area_name_zh,
    a.name_en AS area_name_en,
    x.segment AS segment,
    x.period AS period,
    x.ranked_by AS ranked_by,
    x.ranked_num AS ranked_num,
    x.ranked_den AS ranked_den,
    x.denominator AS denominator,
    x.pooled AS pooled,
    x.rank AS rank,
    x.units_ranked AS units_ranked,
    x.unranked_reason AS unranked_reason,
    e.rule_version AS rule_version,
    e.vintage_id AS vintage_id
FROM progress.rank AS x
CROSS JOIN raw.edition AS e
LEFT JOIN core.area AS a ON a.area_code = x.area_code
ORDER BY x.commitment_id, x.segment, x.area_code
