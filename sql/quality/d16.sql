-- D16 认定数减少须有撤销记录。
-- A row is one recognition in force last year that this year's register does not hold at all.
-- Looked at where a register of this year was handed in; the place is that of last year's entry.
WITH recognised AS (
    SELECT
        f.school_id AS school_id,
        f.label AS label,
        CAST(f.period AS BIGINT) AS school_year,
        f.date_to AS date_to,
        f.area_code AS area_code,
        f.source_file AS source_file,
        f.source_sheet AS source_sheet,
        f.source_row AS source_row
    FROM staging.feature_school_register AS f
),
years AS (
    SELECT DISTINCT r.school_year AS school_year
    FROM recognised AS r
),
gone AS (
    SELECT
        b.school_id AS school_id,
        b.label AS label,
        y.school_year AS school_year,
        b.area_code AS area_code,
        b.source_file AS source_file,
        b.source_sheet AS source_sheet,
        b.source_row AS source_row
    FROM recognised AS b
    INNER JOIN years AS y ON y.school_year = b.school_year + 1
    LEFT JOIN recognised AS n
        ON n.school_id = b.school_id AND n.label = b.label AND n.school_year = y.school_year
    WHERE b.date_to IS NULL AND n.school_id IS NULL
)
SELECT
    'staging.feature_school_register' AS table_name,
    g.source_file AS source_file,
    g.source_sheet AS source_sheet,
    g.source_row AS source_row,
    'school_id' AS column_name,
    CAST(g.school_id AS VARCHAR) AS value,
    g.area_code AS area_code,
    CAST(g.school_year AS VARCHAR) AS period,
    '' AS expected,
    g.label AS detail
FROM gone AS g
