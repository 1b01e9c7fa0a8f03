-- A04 驻地地域码与县区代码一致。
-- A row is one school whose 12-digit site code does not begin with its county code.
-- Codes of prefectures and provinces end in 00 and 0000: their own first four or two digits count.
-- A development zone (功能区) may also give the code of a county of the territory in which it lies.
WITH zones AS (
    SELECT a.area_code AS area_code
    FROM raw.areas AS a
    WHERE a.unit_role = 'zone'
    GROUP BY a.area_code
),
counties AS (
    SELECT a.area_code AS area_code
    FROM raw.areas AS a
    WHERE a.unit_role = 'county'
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
        CASE
            WHEN s.county_code LIKE '%0000' THEN SUBSTR(s.site_code12, 1, 2) || '0000'
            WHEN s.county_code LIKE '%00' THEN SUBSTR(s.site_code12, 1, 4) || '00'
            ELSE SUBSTR(s.site_code12, 1, 6)
        END <> s.county_code
        AND (z.area_code IS NULL OR c.area_code IS NULL)
    )
