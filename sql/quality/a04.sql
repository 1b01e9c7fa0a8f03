-- A04 驻地地域码与县区代码一致。
-- A row is one school whose 12-digit site code does not begin with its county code.
-- A development zone (功能区) may also give the code of a county of the territory in which it lies.
WITH zones AS (
    SELECT a.area_code AS area_code
    FROM raw.areas AS a
    WHERE a.unit_type = '功能区'
    GROUP BY a.area_code
),
counties AS (
    SELECT a.area_code AS area_code
    FROM raw.areas AS a
    WHERE a.unit_type IN ('市辖区', '县')
    GROUP BY a.area_code
)
SELECT
    'staging.school_register' AS table_name,
    s.source_file AS source_file,
    s.source_sheet AS source_sheet,
    s.source_row AS source_row,
    'site_code12' AS column_name,
    s.site_code12 AS value,
    s.area_code AS area_code,
    CAST(s.school_year AS VARCHAR) AS period,
    s.county_code AS expected,
    s.school_id AS detail
FROM staging.school_register AS s
LEFT JOIN zones AS z ON z.area_code = s.county_code
LEFT JOIN counties AS c ON c.area_code = SUBSTR(s.site_code12, 1, 6)
WHERE s.site_code12 IS NULL
    OR (
        SUBSTR(s.site_code12, 1, 6) <> s.county_code
        AND (z.area_code IS NULL OR c.area_code IS NULL)
    )
