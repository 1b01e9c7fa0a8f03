-- B29 视力检查人数不低于监测学校在校生的 80%(分学段,男女合计)。
-- A row is one county, year and stage below the threshold; the place is its first row.
WITH sampled AS (
    SELECT
        v.area_code AS area_code,
        v.calendar_year AS calendar_year,
        v.stage AS stage,
        CAST(SUM(v.screened) AS BIGINT) AS screened,
        CAST(SUM(v.enrolled_in_sample) AS BIGINT) AS enrolled,
        MIN(v.source_file) AS source_file,
        MIN(v.source_sheet) AS source_sheet,
        MIN(v.source_row) AS source_row
    FROM staging.vision_screening AS v
    GROUP BY v.area_code, v.calendar_year, v.stage
)
SELECT
    'staging.vision_screening' AS table_name,
    s.source_file AS source_file,
    s.source_sheet AS source_sheet,
    s.source_row AS source_row,
    'screened' AS column_name,
    CAST(s.screened AS VARCHAR) AS value,
    s.area_code AS area_code,
    CAST(s.calendar_year AS VARCHAR) AS period,
    CAST(s.enrolled AS VARCHAR) AS expected,
    s.stage AS detail
FROM sampled AS s
WHERE s.screened * 100000000 < s.enrolled * CAST($least_percent_micro AS BIGINT)
