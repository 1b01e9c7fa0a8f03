-- B30 教师与公务员工资口径一致。
-- A row is one average of pay that is not above zero, or (variant components) two averages on different components.
SELECT
    'staging.pay_comparison' AS table_name,
    p.source_file AS source_file,
    p.source_sheet AS source_sheet,
    p.source_row AS source_row,
    'teacher_avg_pay' AS column_name,
    CAST(p.teacher_avg_pay AS VARCHAR) AS value,
    p.area_code AS area_code,
    CAST(p.calendar_year AS VARCHAR) AS period,
    '' AS expected,
    '' AS detail,
    '' AS variant
FROM staging.pay_comparison AS p
WHERE p.teacher_avg_pay <= 0
UNION ALL
SELECT
    'staging.pay_comparison' AS table_name,
    p.source_file AS source_file,
    p.source_sheet AS source_sheet,
    p.source_row AS source_row,
    'civil_servant_avg_pay' AS column_name,
    CAST(p.civil_servant_avg_pay AS VARCHAR) AS value,
    p.area_code AS area_code,
    CAST(p.calendar_year AS VARCHAR) AS period,
    '' AS expected,
    '' AS detail,
    '' AS variant
FROM staging.pay_comparison AS p
WHERE p.civil_servant_avg_pay <= 0
UNION ALL
SELECT
    'staging.pay_comparison' AS table_name,
    p.source_file AS source_file,
    p.source_sheet AS source_sheet,
    p.source_row AS source_row,
    'components' AS column_name,
    CAST(p.components AS VARCHAR) AS value,
    p.area_code AS area_code,
    CAST(p.calendar_year AS VARCHAR) AS period,
    p.civil_servant_components AS expected,
    '' AS detail,
    'components' AS variant
FROM staging.pay_comparison AS p
WHERE TRIM(p.components) <> TRIM(p.civil_servant_components)
