-- B19 有寄宿生的学校,宿舍面积和床位不应为 0。
-- A row is one school and year with boarders and no dormitory space or no beds in its facilities return; the place is
-- the first row of its boarders.
WITH boarders AS (
    SELECT
        g.school_id AS school_id,
        g.area_code AS area_code,
        g.school_year AS school_year,
        CAST(SUM(g.boarders) AS BIGINT) AS boarders,
        MIN(g.source_file) AS source_file,
        MIN(g.source_sheet) AS source_sheet,
        CASE WHEN COUNT(*) = 1 THEN MIN(g.source_row) END AS source_row
    FROM staging.special_groups AS g
    WHERE g.boarders > 0
    GROUP BY g.school_id, g.area_code, g.school_year
)
SELECT
    'staging.special_groups' AS table_name,
    b.source_file AS source_file,
    b.source_sheet AS source_sheet,
    b.source_row AS source_row,
    'boarders' AS column_name,
    CAST(b.boarders AS VARCHAR) AS value,
    b.area_code AS area_code,
    CAST(b.school_year AS VARCHAR) AS period,
    '' AS expected,
    b.school_id AS detail,
    CASE WHEN f.dorm_m2 = 0 THEN 'no_dormitory' ELSE 'no_beds' END AS variant
FROM boarders AS b
INNER JOIN staging.facilities AS f ON f.school_id = b.school_id AND f.school_year = b.school_year
WHERE f.dorm_m2 = 0 OR f.beds = 0
