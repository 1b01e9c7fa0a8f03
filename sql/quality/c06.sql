-- C06 公办 + 普惠民办 + 其他民办 = 全部在园幼儿。
-- A row is one unit and school year whose children by ownership class differ from the children reported.
-- Children of kindergartens outside the register are told by C01 and left out of both sides.
WITH register AS (
    SELECT s.school_id AS school_id, s.school_year AS school_year
    FROM staging.school_register AS s
    GROUP BY s.school_id, s.school_year
),
reported AS (
    SELECT
        k.area_code AS area_code,
        k.school_year AS school_year,
        SUM(k.children) AS children
    FROM staging.kindergarten_children AS k
    INNER JOIN register AS r ON r.school_id = k.school_id AND r.school_year = k.school_year
    WHERE NOT k.is_total
    GROUP BY k.area_code, k.school_year
),
classed AS (
    SELECT
        c.area_code AS area_code,
        c.school_year AS school_year,
        SUM(CASE WHEN c.ownership_class = 'public' THEN c.children ELSE 0 END)
            + SUM(CASE WHEN c.ownership_class = 'inclusive_private' THEN c.children ELSE 0 END)
            + SUM(CASE WHEN c.ownership_class = 'other_private' THEN c.children ELSE 0 END) AS children
    FROM core.kindergarten AS c
    GROUP BY c.area_code, c.school_year
),
compared AS (
    SELECT
        COALESCE(r.area_code, c.area_code) AS area_code,
        COALESCE(r.school_year, c.school_year) AS school_year,
        CAST(COALESCE(r.children, 0) AS BIGINT) AS reported,
        CAST(COALESCE(c.children, 0) AS BIGINT) AS classed
    FROM reported AS r
    FULL JOIN classed AS c ON c.area_code = r.area_code AND c.school_year = r.school_year
)
SELECT
    'core.kindergarten' AS table_name,
    '' AS source_file,
    '' AS source_sheet,
    CAST(NULL AS INTEGER) AS source_row,
    'children' AS column_name,
    CAST(c.classed AS VARCHAR) AS value,
    c.area_code AS area_code,
    CAST(c.school_year AS VARCHAR) AS period,
    CAST(c.reported AS VARCHAR) AS expected,
    '' AS detail
FROM compared AS c
WHERE c.classed <> c.reported
