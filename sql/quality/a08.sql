-- A08 学校类别改变的,应重新编码。
-- A row is one school whose type is not that of the year before under the same code.
SELECT
    'staging.school_register' AS table_name,
    n.source_file AS source_file,
    n.source_sheet AS source_sheet,
    n.source_row AS source_row,
    'school_type' AS column_name,
    n.school_type AS value,
    n.area_code AS area_code,
    CAST(n.school_year AS VARCHAR) AS period,
    b.school_type AS expected,
    n.school_id AS detail
FROM staging.school_register AS n
INNER JOIN staging.school_register AS b ON b.school_id = n.school_id AND b.school_year = n.school_year - 1
WHERE n.school_type <> b.school_type
