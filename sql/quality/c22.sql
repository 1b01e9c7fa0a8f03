-- C22 驻地类型与城乡分类代码一致。
-- A row is one school whose site place type and urban-rural code contradict each other; codes outside the list are A05's.
SELECT
    'staging.school_register' AS table_name,
    s.source_file AS source_file,
    s.source_sheet AS source_sheet,
    s.source_row AS source_row,
    'site_place_type' AS column_name,
    CAST(s.site_place_type AS VARCHAR) AS value,
    s.area_code AS area_code,
    CAST(s.school_year AS VARCHAR) AS period,
    s.urban_rural_code AS expected,
    s.school_id AS detail
FROM staging.school_register AS s
WHERE (s.urban_rural_code IN ('111', '112') AND s.site_place_type <> '城区')
    OR (s.urban_rural_code IN ('121', '122', '123') AND s.site_place_type NOT IN ('县城', '中心镇', '其他镇'))
    OR (s.urban_rural_code IN ('210', '220') AND s.site_place_type <> '乡村')
