-- B21 专任教师、女教师、学历分项与合计相符。
-- A row is one figure of a school and stage: full-time teachers above the staff, women above the full-time
-- teachers (variant more), or qualifications that do not add up to the full-time teachers.
WITH counted AS (
    SELECT
        s.school_id AS school_id,
        s.school_year AS school_year,
        s.area_code AS area_code,
        s.source_file AS source_file,
        s.source_sheet AS source_sheet,
        s.source_row AS source_row,
        s.staff AS staff,
        s.full_time_teachers AS full_time_teachers,
        s.female AS female,
        s.q_graduate + s.q_bachelor + s.q_college + s.q_upper_secondary + s.q_below AS qualified
    FROM staging.staff AS s
)
SELECT
    'staging.staff' AS table_name,
    c.source_file AS source_file,
    c.source_sheet AS source_sheet,
    c.source_row AS source_row,
    'full_time_teachers' AS column_name,
    CAST(c.full_time_teachers AS VARCHAR) AS value,
    c.area_code AS area_code,
    CAST(c.school_year AS VARCHAR) AS period,
    CAST(c.staff AS VARCHAR) AS expected,
    c.school_id AS detail,
    'more' AS variant
FROM counted AS c
WHERE c.full_time_teachers > c.staff
UNION ALL
SELECT
    'staging.staff' AS table_name,
    c.source_file AS source_file,
    c.source_sheet AS source_sheet,
    c.source_row AS source_row,
    'female' AS column_name,
    CAST(c.female AS VARCHAR) AS value,
    c.area_code AS area_code,
    CAST(c.school_year AS VARCHAR) AS period,
    CAST(c.full_time_teachers AS VARCHAR) AS expected,
    c.school_id AS detail,
    'more' AS variant
FROM counted AS c
WHERE c.female > c.full_time_teachers
UNION ALL
SELECT
    'staging.staff' AS table_name,
    c.source_file AS source_file,
    c.source_sheet AS source_sheet,
    c.source_row AS source_row,
    '' AS column_name,
    CAST(c.qualified AS VARCHAR) AS value,
    c.area_code AS area_code,
    CAST(c.school_year AS VARCHAR) AS period,
    CAST(c.full_time_teachers AS VARCHAR) AS expected,
    c.school_id AS detail,
    '' AS variant
FROM counted AS c
WHERE c.qualified <> c.full_time_teachers
