-- D07 学校专任教师较上年变动不超过 20% 或不超过 10 人。
-- A row is one school and stage whose full-time teachers changed by more than both thresholds.
SELECT
    'staging.staff' AS table_name,
    n.source_file AS source_file,
    n.source_sheet AS source_sheet,
    n.source_row AS source_row,
    'full_time_teachers' AS column_name,
    CAST(n.full_time_teachers AS VARCHAR) AS value,
    n.area_code AS area_code,
    CAST(n.school_year AS VARCHAR) AS period,
    CAST(b.full_time_teachers AS VARCHAR) AS expected,
    n.school_id || ' ' || n.stage AS detail
FROM staging.staff AS n
INNER JOIN staging.staff AS b ON b.school_id = n.school_id AND b.stage = n.stage AND b.school_year = n.school_year - 1
WHERE ABS(n.full_time_teachers - b.full_time_teachers) * 1000000 > CAST($least_micro AS BIGINT)
    AND ABS(n.full_time_teachers - b.full_time_teachers) * 100000000
        > b.full_time_teachers * CAST($change_percent_micro AS BIGINT)
