-- A09 学校的城乡类型(城区、镇区、乡村)与上年不同的,须说明。
-- A row is one school whose group (11x urban, 12x town, 2xx rural) is not that of the year before.
SELECT
    'staging.school_register' AS table_name,
    n.source_file AS source_file,
    n.source_sheet AS source_sheet,
    n.source_row AS source_row,
    'urban_rural_code' AS column_name,
    n.urban_rural_code AS value,
    n.area_code AS area_code,
    CAST(n.school_year AS VARCHAR) AS period,
    b.urban_rural_code AS expected,
    n.school_id AS detail
FROM staging.school_register AS n
INNER JOIN staging.school_register AS b ON b.school_id = n.school_id AND b.school_year = n.school_year - 1
WHERE CASE WHEN SUBSTR(n.urban_rural_code, 1, 1) = '2' THEN '2' ELSE SUBSTR(n.urban_rural_code, 1, 2) END
    <> CASE WHEN SUBSTR(b.urban_rural_code, 1, 1) = '2' THEN '2' ELSE SUBSTR(b.urban_rural_code, 1, 2) END
