-- C08 县内初中招生数不多于同年小学毕业生数与转入数之和。
-- A row is one county whose junior entrants outnumber its primary graduates of the same summer and those who moved in.
WITH by_county AS (
    SELECT
        g.area_code AS area_code,
        g.school_year AS school_year,
        CAST(SUM(CASE WHEN g.stage = '初中' THEN g.entrants END) AS BIGINT) AS entrants,
        CAST(SUM(CASE WHEN g.stage = '小学' THEN g.graduates_prev_summer END) AS BIGINT) AS graduates,
        MIN(CASE WHEN g.stage = '初中' THEN g.source_file END) AS source_file,
        MIN(CASE WHEN g.stage = '初中' THEN g.source_sheet END) AS source_sheet,
        CASE WHEN COUNT(CASE WHEN g.stage = '初中' THEN 1 END) = 1
            THEN MIN(CASE WHEN g.stage = '初中' THEN g.source_row END) END AS source_row
    FROM staging.entrants_graduates AS g
    WHERE g.stage IN ('小学', '初中')
    GROUP BY g.area_code, g.school_year
),
moved_in AS (
    SELECT m.area_code AS area_code, m.school_year AS school_year, CAST(SUM(m.in_city + m.in_other) AS BIGINT) AS pupils
    FROM staging.pupil_movement AS m
    WHERE m.grade IN (6, 7)
    GROUP BY m.area_code, m.school_year
)
SELECT
    'staging.entrants_graduates' AS table_name,
    c.source_file AS source_file,
    c.source_sheet AS source_sheet,
    c.source_row AS source_row,
    'entrants' AS column_name,
    CAST(c.entrants AS VARCHAR) AS value,
    c.area_code AS area_code,
    CAST(c.school_year AS VARCHAR) AS period,
    CAST(c.graduates + COALESCE(m.pupils, 0) AS VARCHAR) AS expected,
    '' AS detail
FROM by_county AS c
LEFT JOIN moved_in AS m ON m.area_code = c.area_code AND m.school_year = c.school_year
WHERE c.entrants > c.graduates + COALESCE(m.pupils, 0)
