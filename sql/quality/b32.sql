-- B32 残疾儿童台账人数相符。
-- A row is one figure of a county: more children enrolled than on the ledger, a number not enrolled that is
-- not the difference (variant sum), or children not enrolled without a class of reasons (variant reasons).
SELECT
    'staging.disabled_children_ledger' AS table_name,
    d.source_file AS source_file,
    d.source_sheet AS source_sheet,
    d.source_row AS source_row,
    'enrolled' AS column_name,
    CAST(d.enrolled AS VARCHAR) AS value,
    d.area_code AS area_code,
    CAST(d.school_year AS VARCHAR) AS period,
    CAST(d.ledger AS VARCHAR) AS expected,
    '' AS detail,
    '' AS variant
FROM staging.disabled_children_ledger AS d
WHERE d.enrolled > d.ledger
UNION ALL
SELECT
    'staging.disabled_children_ledger' AS table_name,
    d.source_file AS source_file,
    d.source_sheet AS source_sheet,
    d.source_row AS source_row,
    'not_enrolled' AS column_name,
    CAST(d.not_enrolled AS VARCHAR) AS value,
    d.area_code AS area_code,
    CAST(d.school_year AS VARCHAR) AS period,
    CAST(d.ledger - d.enrolled AS VARCHAR) AS expected,
    '' AS detail,
    'sum' AS variant
FROM staging.disabled_children_ledger AS d
WHERE d.enrolled <= d.ledger AND d.not_enrolled <> d.ledger - d.enrolled
UNION ALL
SELECT
    'staging.disabled_children_ledger' AS table_name,
    d.source_file AS source_file,
    d.source_sheet AS source_sheet,
    d.source_row AS source_row,
    'reasons' AS column_name,
    CAST(d.not_enrolled AS VARCHAR) AS value,
    d.area_code AS area_code,
    CAST(d.school_year AS VARCHAR) AS period,
    '' AS expected,
    '' AS detail,
    'reasons' AS variant
FROM staging.disabled_children_ledger AS d
WHERE d.not_enrolled > 0 AND TRIM(COALESCE(d.reasons, '')) = ''
