-- E01 占比类指标在0—100之间。
-- A row is one value of a share indicator outside 0-100 per cent, or without a value.
SELECT
    'indicator.inclusive_coverage' AS table_name,
    '' AS source_file,
    '' AS source_sheet,
    CAST(NULL AS INTEGER) AS source_row,
    'value_num' AS column_name,
    CAST(NULL AS VARCHAR) AS value,
    i.area_code AS area_code,
    CAST(i.period AS VARCHAR) AS period,
    '' AS expected,
    i.indicator_id || ' ' || i.variant AS detail,
    i.value_num AS numerator,
    i.value_den * 100 AS denominator
FROM indicator.inclusive_coverage AS i
WHERE i.value_num IS NULL
    OR i.value_den IS NULL
    OR i.value_den <= 0
    OR i.value_num < 0
    OR i.value_num > i.value_den * 100
