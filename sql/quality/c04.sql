-- C04 普惠性幼儿园与认定名单相符。
-- A row is a private school that calls itself inclusive without a recognition valid on 1 September,
-- or a recognition valid on 1 September of something that is no open private kindergarten (variant
-- not_private).
WITH register AS (
    SELECT
        s.school_id AS school_id,
        s.school_year AS school_year,
        s.school_type AS school_type,
        s.is_public AS is_public,
        s.status AS status,
        s.claims_inclusive AS claims_inclusive,
        s.area_code AS area_code,
        s.source_file AS source_file,
        s.source_sheet AS source_sheet,
        s.source_row AS source_row
    FROM staging.school_register AS s
),
valid AS (
    SELECT
        i.school_id AS school_id,
        CAST(i.period AS BIGINT) AS school_year,
        i.area_code AS area_code,
        i.source_file AS source_file,
        i.source_sheet AS source_sheet,
        i.source_row AS source_row
    FROM staging.inclusive_kindergarten_register AS i
    WHERE i.recognised_from <= CAST(CAST(i.period AS VARCHAR) || '-09-01' AS DATE)
        AND i.recognised_to >= CAST(CAST(i.period AS VARCHAR) || '-09-01' AS DATE)
        AND (i.withdrawn_on IS NULL OR i.withdrawn_on > CAST(CAST(i.period AS VARCHAR) || '-09-01' AS DATE))
),
valid_schools AS (
    SELECT v.school_id AS school_id, v.school_year AS school_year
    FROM valid AS v
    GROUP BY v.school_id, v.school_year
),
private_kindergartens AS (
    SELECT r.school_id AS school_id, r.school_year AS school_year
    FROM register AS r
    WHERE r.school_type IN ('111', '119') AND NOT r.is_public AND r.status = '在办'
    GROUP BY r.school_id, r.school_year
)
SELECT
    'staging.school_register' AS table_name,
    r.source_file AS source_file,
    r.source_sheet AS source_sheet,
    r.source_row AS source_row,
    'claims_inclusive' AS column_name,
    '是' AS value,
    r.area_code AS area_code,
    CAST(r.school_year AS VARCHAR) AS period,
    '' AS expected,
    r.school_id AS detail,
    '' AS variant
FROM register AS r
LEFT JOIN valid_schools AS v ON v.school_id = r.school_id AND v.school_year = r.school_year
WHERE r.claims_inclusive AND NOT r.is_public AND r.status = '在办' AND v.school_id IS NULL
UNION ALL
SELECT
    'staging.inclusive_kindergarten_register' AS table_name,
    v.source_file AS source_file,
    v.source_sheet AS source_sheet,
    v.source_row AS source_row,
    'school_id' AS column_name,
    v.school_id AS value,
    v.area_code AS area_code,
    CAST(v.school_year AS VARCHAR) AS period,
    '' AS expected,
    v.school_id AS detail,
    'not_private' AS variant
FROM valid AS v
LEFT JOIN private_kindergartens AS p ON p.school_id = v.school_id AND p.school_year = v.school_year
WHERE p.school_id IS NULL
