-- D14 县级随迁子女较上年变动不超过 30%(分学段;两年都报)。
-- A row is one county and stage whose migrant children changed by more than the threshold; fewer than the smallest
-- number in the year before are not compared.
WITH by_county AS (
    SELECT g.area_code AS area_code, g.stage AS stage, g.school_year AS school_year,
        CAST(SUM(g.migrant_total) AS BIGINT) AS migrant, MIN(g.source_file) AS source_file,
        MIN(g.source_sheet) AS source_sheet, CAST(NULL AS INTEGER) AS source_row
    FROM staging.special_groups AS g
    GROUP BY g.area_code, g.stage, g.school_year
)
SELECT
    'staging.special_groups' AS table_name,
    n.source_file AS source_file,
    n.source_sheet AS source_sheet,
    n.source_row AS source_row,
    'migrant_total' AS column_name,
    CAST(n.migrant AS VARCHAR) AS value,
    n.area_code AS area_code,
    CAST(n.school_year AS VARCHAR) AS period,
    CAST(b.migrant AS VARCHAR) AS expected,
    n.stage AS detail
FROM by_county AS n
INNER JOIN by_county AS b ON b.area_code = n.area_code AND b.stage = n.stage AND b.school_year = n.school_year - 1
WHERE b.migrant * 1000000 >= CAST($smallest_micro AS BIGINT)
    AND ABS(n.migrant - b.migrant) * 100000000 > b.migrant * CAST($change_percent_micro AS BIGINT)
