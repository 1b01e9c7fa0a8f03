-- B07 离园幼儿年龄应以6岁为主:5岁以下的不超过离园幼儿的 5%。
-- A row is one kindergarten and year in which more of the leavers than the threshold were under five.
WITH leavers AS (
    SELECT
        k.school_id AS school_id,
        k.area_code AS area_code,
        k.school_year AS school_year,
        CAST(SUM(k.leavers) AS BIGINT) AS leavers,
        CAST(SUM(CASE WHEN k.age < 5 THEN k.leavers ELSE 0 END) AS BIGINT) AS young,
        MIN(k.source_file) AS source_file,
        MIN(k.source_sheet) AS source_sheet,
        CAST(NULL AS INTEGER) AS source_row
    FROM staging.kindergarten_children AS k
    WHERE NOT k.is_total
    GROUP BY k.school_id, k.area_code, k.school_year
)
SELECT
    'staging.kindergarten_children' AS table_name,
    v.source_file AS source_file,
    v.source_sheet AS source_sheet,
    v.source_row AS source_row,
    'leavers' AS column_name,
    CAST(v.young AS VARCHAR) AS value,
    v.area_code AS area_code,
    CAST(v.school_year AS VARCHAR) AS period,
    CAST(v.leavers AS VARCHAR) AS expected,
    v.school_id AS detail
FROM leavers AS v
WHERE v.young * 100000000 > v.leavers * CAST($young_percent_micro AS BIGINT)
