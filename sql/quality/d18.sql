-- D18 巩固率的历史入学数按区划对照归入现行单位,每个旧代码的权重之和为 1。
-- A row is one unit and year of grade-1 pupils, eight years or more before the edition's, that stands under a code
-- which is not valid in the edition's year (it was not mapped); or an old code of crosswalk.csv whose weights, all
-- of one denominator, do not add up to 1 (variant weights).
WITH edition AS (
    SELECT e.year AS year, CAST(CAST(e.year AS VARCHAR) || '-09-01' AS DATE) AS reference_day, e.area_code AS area_code
    FROM raw.edition AS e
),
present AS (
    SELECT a.area_code AS area_code
    FROM raw.areas AS a
    CROSS JOIN edition AS e
    WHERE a.valid_from <= e.reference_day AND (a.valid_to IS NULL OR a.valid_to >= e.reference_day)
    GROUP BY a.area_code
),
base AS (
    SELECT
        g.area_code AS area_code,
        g.school_year AS school_year,
        CAST(SUM(g.pupils) AS BIGINT) AS pupils,
        MIN(g.source_file) AS source_file,
        MIN(g.source_sheet) AS source_sheet,
        MIN(g.source_row) AS source_row
    FROM staging.enrolment_by_grade AS g
    CROSS JOIN edition AS e
    WHERE NOT g.is_total AND g.programme = '小学' AND g.grade = 1 AND g.school_year <= e.year - 8
    GROUP BY g.area_code, g.school_year
),
weights AS (
    SELECT
        c.old_code AS old_code,
        CAST(SUM(c.weight_num) AS BIGINT) AS weight_num,
        MIN(c.weight_den) AS weight_den,
        MAX(c.weight_den) AS largest_den
    FROM raw.crosswalk AS c
    GROUP BY c.old_code
)
SELECT
    'staging.enrolment_by_grade' AS table_name,
    b.source_file AS source_file,
    b.source_sheet AS source_sheet,
    b.source_row AS source_row,
    'county_code' AS column_name,
    b.area_code AS value,
    b.area_code AS area_code,
    CAST(b.school_year AS VARCHAR) AS period,
    CAST(b.pupils AS VARCHAR) AS expected,
    '' AS detail,
    '' AS variant
FROM base AS b
LEFT JOIN present AS p ON p.area_code = b.area_code
WHERE p.area_code IS NULL
UNION ALL
SELECT
    'raw.crosswalk' AS table_name,
    'crosswalk.csv' AS source_file,
    '' AS source_sheet,
    CAST(NULL AS INTEGER) AS source_row,
    'weight_num' AS column_name,
    CAST(w.weight_num AS VARCHAR) || '/' || CAST(w.weight_den AS VARCHAR) AS value,
    e.area_code AS area_code,
    CAST(e.year AS VARCHAR) AS period,
    '1' AS expected,
    w.old_code AS detail,
    'weights' AS variant
FROM weights AS w
CROSS JOIN edition AS e
WHERE w.weight_num <> w.weight_den OR w.weight_den <> w.largest_den
