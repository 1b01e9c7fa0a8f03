-- F06 在办中小学、中等职业学校、特殊教育学校均报送在校生数。
-- A row is one open school of the register that has no row of its own in the return of the same school year.
-- Zeros are rows. A year of which nothing at all has come is told by A13 where it is due.
WITH reported AS (
    SELECT
        r.school_id AS school_id,
        r.school_year AS school_year
    FROM staging.enrolment_by_grade AS r
    WHERE NOT r.is_total AND r.school_id IS NOT NULL
    GROUP BY r.school_id, r.school_year
),
years AS (
    SELECT r.school_year AS school_year
    FROM reported AS r
    GROUP BY r.school_year
)
SELECT
    'staging.school_register' AS table_name,
    s.source_file AS source_file,
    s.source_sheet AS source_sheet,
    CAST(s.source_row AS INTEGER) AS source_row,
    'school_id' AS column_name,
    s.school_id AS value,
    s.area_code AS area_code,
    CAST(s.school_year AS VARCHAR) AS period,
    '' AS expected,
    s.school_name AS detail
FROM staging.school_register AS s
INNER JOIN years AS y ON y.school_year = s.school_year
LEFT JOIN reported AS r ON r.school_id = s.school_id AND r.school_year = s.school_year
WHERE s.status = '在办' AND (s.school_type LIKE '21%' OR s.school_type LIKE '31%' OR s.school_type LIKE '34%' OR s.school_type LIKE '36%' OR s.school_type LIKE '51%') AND r.school_id IS NULL
