-- B20 残疾学生分项之和等于合计。
-- A row is one school, stage and grade whose disabled pupils by placement do not add up to the total.
WITH placed AS (
    SELECT
        s.school_id AS school_id,
        s.school_year AS school_year,
        s.area_code AS area_code,
        s.source_file AS source_file,
        s.source_sheet AS source_sheet,
        s.source_row AS source_row,
        s.disabled_total AS disabled_total,
        s.disabled_inclusive + s.disabled_special_class + s.disabled_special_school + s.disabled_home AS parts
    FROM staging.special_groups AS s
)
SELECT
    'staging.special_groups' AS table_name,
    p.source_file AS source_file,
    p.source_sheet AS source_sheet,
    p.source_row AS source_row,
    'disabled_total' AS column_name,
    CAST(p.disabled_total AS VARCHAR) AS value,
    p.area_code AS area_code,
    CAST(p.school_year AS VARCHAR) AS period,
    CAST(p.parts AS VARCHAR) AS expected,
    p.school_id AS detail
FROM placed AS p
WHERE p.parts <> p.disabled_total
