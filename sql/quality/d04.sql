-- D04 期初数等于上年期末数。
-- A row is one school or county and grade whose opening number is not what the same pupils closed with last year.
-- The grade of a movement return is that of the past year: its closing pupils open the next return one grade higher.
-- Compared in present-day units, so that a boundary change moves nobody.
WITH moved AS (
    SELECT
        COALESCE(m.school_id, m.area_code) AS unit,
        m.area_code AS area_code,
        m.school_year AS school_year,
        m.grade AS grade,
        CAST(SUM(m.opening) AS BIGINT) AS opening,
        CAST(SUM(m.closing) AS BIGINT) AS closing,
        MIN(m.source_file) AS source_file,
        MIN(m.source_sheet) AS source_sheet,
        CASE WHEN COUNT(*) = 1 THEN MIN(m.source_row) END AS source_row
    FROM staging.pupil_movement AS m
    GROUP BY COALESCE(m.school_id, m.area_code), m.area_code, m.school_year, m.grade
)
SELECT
    'staging.pupil_movement' AS table_name,
    n.source_file AS source_file,
    n.source_sheet AS source_sheet,
    n.source_row AS source_row,
    'opening' AS column_name,
    CAST(n.opening AS VARCHAR) AS value,
    n.area_code AS area_code,
    CAST(n.school_year AS VARCHAR) AS period,
    CAST(b.closing AS VARCHAR) AS expected,
    n.unit || ' ' || CAST(n.grade AS VARCHAR) AS detail
FROM moved AS n
INNER JOIN moved AS b
    ON b.unit = n.unit AND b.area_code = n.area_code AND b.school_year = n.school_year - 1 AND b.grade = n.grade - 1
WHERE n.opening <> b.closing
