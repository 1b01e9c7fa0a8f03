-- C05 普惠性民办园条件齐全。
-- A row is one condition that a private kindergarten on the list does not meet: non-profit, a fee within the ceiling
-- (variant fee), fee, ceiling and subsidy recorded (variant blank).
WITH listed AS (
    SELECT
        k.school_id AS school_id,
        k.period AS period,
        k.fee_month AS fee_month,
        k.fee_ceiling AS fee_ceiling,
        k.subsidy_per_child AS subsidy_per_child,
        k.area_code AS area_code,
        s.profit_status AS profit_status,
        k.source_file AS source_file,
        k.source_sheet AS source_sheet,
        k.source_row AS source_row
    FROM staging.inclusive_kindergarten_register AS k
    INNER JOIN staging.school_register AS s
        ON s.school_id = k.school_id AND s.school_year = CAST(k.period AS BIGINT)
    WHERE NOT s.is_public AND k.withdrawn_on IS NULL
)
SELECT
    'staging.inclusive_kindergarten_register' AS table_name,
    l.source_file AS source_file,
    l.source_sheet AS source_sheet,
    l.source_row AS source_row,
    'profit_status' AS column_name,
    CAST(l.profit_status AS VARCHAR) AS value,
    l.area_code AS area_code,
    CAST(l.period AS VARCHAR) AS period,
    '' AS expected,
    l.school_id AS detail,
    '' AS variant
FROM listed AS l
WHERE l.profit_status <> '非营利'
UNION ALL
SELECT
    'staging.inclusive_kindergarten_register' AS table_name,
    l.source_file AS source_file,
    l.source_sheet AS source_sheet,
    l.source_row AS source_row,
    'fee_month' AS column_name,
    CAST(l.fee_month AS VARCHAR) AS value,
    l.area_code AS area_code,
    CAST(l.period AS VARCHAR) AS period,
    CAST(l.fee_ceiling AS VARCHAR) AS expected,
    l.school_id AS detail,
    'fee' AS variant
FROM listed AS l
WHERE l.fee_month > l.fee_ceiling
UNION ALL
SELECT
    'staging.inclusive_kindergarten_register' AS table_name,
    l.source_file AS source_file,
    l.source_sheet AS source_sheet,
    l.source_row AS source_row,
    'fee_month' AS column_name,
    CAST(NULL AS VARCHAR) AS value,
    l.area_code AS area_code,
    CAST(l.period AS VARCHAR) AS period,
    '' AS expected,
    l.school_id AS detail,
    'blank' AS variant
FROM listed AS l
WHERE l.fee_month IS NULL
UNION ALL
SELECT
    'staging.inclusive_kindergarten_register' AS table_name,
    l.source_file AS source_file,
    l.source_sheet AS source_sheet,
    l.source_row AS source_row,
    'fee_ceiling' AS column_name,
    CAST(NULL AS VARCHAR) AS value,
    l.area_code AS area_code,
    CAST(l.period AS VARCHAR) AS period,
    '' AS expected,
    l.school_id AS detail,
    'blank' AS variant
FROM listed AS l
WHERE l.fee_ceiling IS NULL
UNION ALL
SELECT
    'staging.inclusive_kindergarten_register' AS table_name,
    l.source_file AS source_file,
    l.source_sheet AS source_sheet,
    l.source_row AS source_row,
    'subsidy_per_child' AS column_name,
    CAST(NULL AS VARCHAR) AS value,
    l.area_code AS area_code,
    CAST(l.period AS VARCHAR) AS period,
    '' AS expected,
    l.school_id AS detail,
    'blank' AS variant
FROM listed AS l
WHERE l.subsidy_per_child IS NULL
