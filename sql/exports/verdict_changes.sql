-- 公开数据:与上年报告相比的结论变化及原因。
SELECT
    e.data_status AS data_status,
    x.commitment_id AS commitment_id,
    x.area_code AS area_code,
    a.name_zh AS area_name_zh,
    a.name_en AS area_name_en,
    x.segment AS segment,
    x.previous_period AS previous_period,
    x.previous_edition AS previous_edition,
    x.period AS period,
    x.is_total AS is_total,
    x.assessed AS assessed,
    x.previous_class AS previous_class,
    x.previous_reason AS previous_reason,
    x.restated_class AS restated_class,
    x.restated_reason AS restated_reason,
    x.class AS class,
    x.reason AS reason,
    x.previous_num AS previous_num,
    x.previous_den AS previous_den,
    x.restated_num AS restated_num,
    x.restated_den AS restated_den,
    x.value_num AS value_num,
    x.value_den AS value_den,
    x.previous_severity AS previous_severity,
    x.severity AS severity,
    x.changed AS changed,
    x.by_new_year AS by_new_year,
    x.by_revision AS by_revision,
    x.by_method AS by_method,
    x.revision_cause AS revision_cause,
    x.cause AS cause,
    e.rule_version AS rule_version,
    e.vintage_id AS vintage_id
FROM progress.verdict_change AS x
CROSS JOIN raw.edition AS e
LEFT JOIN core.area AS a ON a.area_code = x.area_code
ORDER BY x.commitment_id, x.area_code, x.segment
