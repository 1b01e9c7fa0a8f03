-- C18 符合交流条件教师不多于专任教师。
-- A row is one county and stage with more eligible teachers than full-time teachers of urban and quality schools.
-- Urban is city and town (urban-rural codes 111 to 123). Looked at where the staff of the county was handed in.
WITH eligible AS (
    SELECT
        x.area_code AS area_code,
        x.school_year AS school_year,
        x.stage AS stage,
        CAST(SUM(x.eligible) AS BIGINT) AS eligible,
        MIN(x.source_file) AS source_file,
        MIN(x.source_sheet) AS source_sheet,
        CASE WHEN COUNT(*) = 1 THEN MIN(x.source_row) END AS source_row
    FROM staging.teacher_exchange AS x
    GROUP BY x.area_code, x.school_year, x.stage
),
teachers AS (
    SELECT
        f.area_code AS area_code,
        f.school_year AS school_year,
        f.stage AS stage,
        CAST(SUM(
            CASE WHEN s.urban_rural_code < '200' OR s.is_quality_school THEN f.full_time_teachers ELSE 0 END
        ) AS BIGINT) AS teachers
    FROM staging.staff AS f
    INNER JOIN staging.school_register AS s ON s.school_id = f.school_id AND s.school_year = f.school_year
    GROUP BY f.area_code, f.school_year, f.stage
)
SELECT
    'staging.teacher_exchange' AS table_name,
    x.source_file AS source_file,
    x.source_sheet AS source_sheet,
    x.source_row AS source_row,
    'eligible' AS column_name,
    CAST(x.eligible AS VARCHAR) AS value,
    x.area_code AS area_code,
    CAST(x.school_year AS VARCHAR) AS period,
    CAST(c.teachers AS VARCHAR) AS expected,
    x.stage AS detail
FROM eligible AS x
INNER JOIN teachers AS c
    ON c.area_code = x.area_code AND c.school_year = x.school_year AND c.stage = x.stage
WHERE x.eligible > c.teachers
