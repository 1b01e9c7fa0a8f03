-- D15 近视率年度变动不超过 5 个百分点,判定方法与上年相同(县、学段,男女合计)。
-- A row is one county, year and stage whose rate moved too far, or whose method is not that of the year before.
WITH by_stage AS (
    SELECT v.area_code AS area_code, v.calendar_year AS calendar_year, v.stage AS stage,
        CAST(SUM(v.myopic) AS BIGINT) AS myopic, CAST(SUM(v.screened) AS BIGINT) AS screened, MIN(v.method) AS method,
        MIN(v.source_file) AS source_file, MIN(v.source_sheet) AS source_sheet, MIN(v.source_row) AS source_row
    FROM staging.vision_screening AS v
    GROUP BY v.area_code, v.calendar_year, v.stage
    HAVING SUM(v.screened) > 0
)
SELECT
    'staging.vision_screening' AS table_name,
    n.source_file AS source_file,
    n.source_sheet AS source_sheet,
    n.source_row AS source_row,
    'method' AS column_name,
    n.method AS value,
    n.area_code AS area_code,
    CAST(n.calendar_year AS VARCHAR) AS period,
    b.method AS expected,
    n.stage AS detail,
    'method' AS variant
FROM by_stage AS n
INNER JOIN by_stage AS b ON b.area_code = n.area_code AND b.stage = n.stage AND b.calendar_year = n.calendar_year - 1
WHERE n.method <> b.method
UNION ALL
SELECT
    'staging.vision_screening' AS table_name,
    n.source_file AS source_file,
    n.source_sheet AS source_sheet,
    n.source_row AS source_row,
    'myopic' AS column_name,
    CAST(n.myopic AS VARCHAR) || '/' || CAST(n.screened AS VARCHAR) AS value,
    n.area_code AS area_code,
    CAST(n.calendar_year AS VARCHAR) AS period,
    CAST(b.myopic AS VARCHAR) || '/' || CAST(b.screened AS VARCHAR) AS expected,
    n.stage AS detail,
    'rate' AS variant
FROM by_stage AS n
INNER JOIN by_stage AS b ON b.area_code = n.area_code AND b.stage = n.stage AND b.calendar_year = n.calendar_year - 1
WHERE n.method = b.method
    AND ABS(n.myopic * b.screened - b.myopic * n.screened) * CAST(100000000 AS DECIMAL(38, 0))
        > n.screened * b.screened * CAST($points_micro AS DECIMAL(38, 0))
