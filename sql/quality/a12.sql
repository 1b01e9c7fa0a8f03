-- A12 附设班(幼儿园、班)的主体校应在同一学年的名录中且在办。
-- A row is one open school whose host is not in the register of the year, or not open.
SELECT
    'staging.school_register' AS table_name,
    s.source_file AS source_file,
    s.source_sheet AS source_sheet,
    s.source_row AS source_row,
    'host_school_id' AS column_name,
    s.host_school_id AS value,
    s.area_code AS area_code,
    CAST(s.school_year AS VARCHAR) AS period,
    '' AS expected,
    s.school_id AS detail
FROM staging.school_register AS s
LEFT JOIN staging.school_register AS h
    ON h.school_id = s.host_school_id AND h.school_year = s.school_year AND h.status = '在办'
WHERE s.host_school_id IS NOT NULL AND s.status = '在办' AND h.school_id IS NULL
