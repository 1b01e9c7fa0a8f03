-- E01 占比类指标在0—100之间。
-- A row is one value of a share indicator (inclusive coverage, migrant children in public schools, both shares of
-- exchanged teachers) outside 0-100 per cent, or without a value.
WITH shares AS (
    SELECT 'indicator.inclusive_coverage' AS table_name, i.indicator_id AS indicator_id, i.variant AS variant,
        i.area_code AS area_code, i.period AS period, i.value_num AS value_num, i.value_den AS value_den
    FROM indicator.inclusive_coverage AS i
    UNION ALL
    SELECT 'indicator.migrant_children_public_share' AS table_name, i.indicator_id AS indicator_id, i.variant AS variant,
        i.area_code AS area_code, i.period AS period, i.value_num AS value_num, i.value_den AS value_den
    FROM indicator.migrant_children_public_share AS i
    UNION ALL
    SELECT 'indicator.teacher_exchange_share' AS table_name, i.indicator_id AS indicator_id, i.variant AS variant,
        i.area_code AS area_code, i.period AS period, i.value_num AS value_num, i.value_den AS value_den
    FROM indicator.teacher_exchange_share AS i
    UNION ALL
    SELECT 'indicator.backbone_exchange_share' AS table_name, i.indicator_id AS indicator_id, i.variant AS variant,
        i.area_code AS area_code, i.period AS period, i.value_num AS value_num, i.value_den AS value_den
    FROM indicator.backbone_exchange_share AS i
)
SELECT
    s.table_name AS table_name,
    '' AS source_file,
    '' AS source_sheet,
    CAST(NULL AS INTEGER) AS source_row,
    'value_num' AS column_name,
    CAST(NULL AS VARCHAR) AS value,
    s.area_code AS area_code,
    CAST(s.period AS VARCHAR) AS period,
    '' AS expected,
    s.indicator_id || ' ' || s.variant AS detail,
    s.value_num AS numerator,
    s.value_den * 100 AS denominator
FROM shares AS s
WHERE s.value_num IS NULL
    OR s.value_den IS NULL
    OR s.value_den <= 0
    OR s.value_num < 0
    OR s.value_num > s.value_den * 100
