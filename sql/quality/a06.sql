-- A06 上年在办、本年不在名录的学校须说明去向(撤并、停办仍应列入名录)。
-- A row is one school that was open in one year and is not in the next year's register, where its unit handed one in.
WITH handed_in AS (
    SELECT s.area_code AS area_code, s.school_year AS school_year
    FROM staging.school_register AS s
    GROUP BY s.area_code, s.school_year
)
SELECT
    'staging.school_register' AS table_name,
    b.source_file AS source_file,
    b.source_sheet AS source_sheet,
    b.source_row AS source_row,
    'school_id' AS column_name,
    b.school_id AS value,
    b.area_code AS area_code,
    CAST(b.school_year + 1 AS VARCHAR) AS period,
    b.school_name AS expected,
    b.school_id AS detail
FROM staging.school_register AS b
INNER JOIN handed_in AS h ON h.area_code = b.area_code AND h.school_year = b.school_year + 1
LEFT JOIN staging.school_register AS n ON n.school_id = b.school_id AND n.school_year = b.school_year + 1
WHERE b.status = '在办' AND n.school_id IS NULL
