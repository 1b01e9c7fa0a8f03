-- A10 经纬度在本地范围内,且不与他校重复(附设班与主体校同址的除外)。
-- A row is one school outside the box of the thresholds, or one that stands where another school of the year does.
-- The box of the rule is that of China; a plan narrows it to its own territory (rule_thresholds).
WITH placed AS (
    SELECT
        s.school_id AS school_id,
        s.school_year AS school_year,
        s.host_school_id AS host_school_id,
        CAST(s.lon * 1000000 AS BIGINT) AS lon,
        CAST(s.lat * 1000000 AS BIGINT) AS lat,
        s.lon AS lon_told,
        s.lat AS lat_told,
        s.area_code AS area_code,
        s.source_file AS source_file,
        s.source_sheet AS source_sheet,
        s.source_row AS source_row
    FROM staging.school_register AS s
    WHERE s.lon IS NOT NULL AND s.lat IS NOT NULL AND s.status = '在办'
),
shared AS (
    SELECT p.school_year AS school_year, p.lon AS lon, p.lat AS lat, MIN(p.school_id) AS first_school
    FROM placed AS p
    WHERE p.host_school_id IS NULL
    GROUP BY p.school_year, p.lon, p.lat
    HAVING COUNT(*) > 1
)
SELECT
    'staging.school_register' AS table_name,
    p.source_file AS source_file,
    p.source_sheet AS source_sheet,
    p.source_row AS source_row,
    'lon' AS column_name,
    CAST(p.lon_told AS VARCHAR) || ',' || CAST(p.lat_told AS VARCHAR) AS value,
    p.area_code AS area_code,
    CAST(p.school_year AS VARCHAR) AS period,
    '' AS expected,
    p.school_id AS detail,
    'outside' AS variant
FROM placed AS p
WHERE p.lon < CAST($west_micro AS BIGINT) OR p.lon > CAST($east_micro AS BIGINT)
    OR p.lat < CAST($south_micro AS BIGINT) OR p.lat > CAST($north_micro AS BIGINT)
UNION ALL
SELECT
    'staging.school_register' AS table_name,
    p.source_file AS source_file,
    p.source_sheet AS source_sheet,
    p.source_row AS source_row,
    'lon' AS column_name,
    CAST(p.lon_told AS VARCHAR) || ',' || CAST(p.lat_told AS VARCHAR) AS value,
    p.area_code AS area_code,
    CAST(p.school_year AS VARCHAR) AS period,
    h.first_school AS expected,
    p.school_id AS detail,
    'shared' AS variant
FROM placed AS p
INNER JOIN shared AS h ON h.school_year = p.school_year AND h.lon = p.lon AND h.lat = p.lat
WHERE p.host_school_id IS NULL AND p.school_id <> h.first_school
