-- C19 特色学校在学校名录内且在办。
-- A row is one recognised school that the register of the year does not hold, or (variant closed) holds as not open.
-- A recognition that has ended (date_to) is not looked at.
SELECT
    'staging.feature_school_register' AS table_name,
    f.source_file AS source_file,
    f.source_sheet AS source_sheet,
    f.source_row AS source_row,
    'school_id' AS column_name,
    CAST(f.school_id AS VARCHAR) AS value,
    f.area_code AS area_code,
    CAST(f.period AS VARCHAR) AS period,
    '' AS expected,
    f.label AS detail,
    '' AS variant
FROM staging.feature_school_register AS f
LEFT JOIN staging.school_register AS s ON s.school_id = f.school_id AND s.school_year = CAST(f.period AS BIGINT)
WHERE f.date_to IS NULL AND s.school_id IS NULL
UNION ALL
SELECT
    'staging.feature_school_register' AS table_name,
    f.source_file AS source_file,
    f.source_sheet AS source_sheet,
    f.source_row AS source_row,
    'school_id' AS column_name,
    CAST(f.school_id AS VARCHAR) AS value,
    f.area_code AS area_code,
    CAST(f.period AS VARCHAR) AS period,
    s.status AS expected,
    f.label AS detail,
    'closed' AS variant
FROM staging.feature_school_register AS f
INNER JOIN staging.school_register AS s ON s.school_id = f.school_id AND s.school_year = CAST(f.period AS BIGINT)
WHERE f.date_to IS NULL AND s.status <> '在办'
