-- B18 随迁子女按定义应在城区、镇区学校就读。
-- A row is one rural school (城乡分类代码 2xx) and grade that reports migrant children.
SELECT
    'staging.special_groups' AS table_name,
    g.source_file AS source_file,
    g.source_sheet AS source_sheet,
    g.source_row AS source_row,
    'migrant_total' AS column_name,
    CAST(g.migrant_total AS VARCHAR) AS value,
    g.area_code AS area_code,
    CAST(g.school_year AS VARCHAR) AS period,
    r.urban_rural_code AS expected,
    g.school_id || ' ' || g.stage || ' ' || CAST(g.grade AS VARCHAR) AS detail
FROM staging.special_groups AS g
INNER JOIN staging.school_register AS r ON r.school_id = g.school_id AND r.school_year = g.school_year
WHERE g.migrant_total > 0 AND SUBSTR(r.urban_rural_code, 1, 1) = '2'
