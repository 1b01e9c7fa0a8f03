-- C01 有学生(幼儿)的学校均在当年名录内且在办。
-- A row is one school and school year that reports pupils or children without being an open school of
-- the register; the place is its first row. Technical schools report elsewhere and are not held against it.
WITH reported AS (
    SELECT
        'staging.enrolment_by_grade' AS table_name,
        e.school_id AS school_id,
        e.school_year AS school_year,
        e.area_code AS area_code,
        e.source_file AS source_file,
        e.source_sheet AS source_sheet,
        e.source_row AS source_row
    FROM staging.enrolment_by_grade AS e
    WHERE NOT e.is_total AND e.school_id IS NOT NULL AND e.pupils > 0
    UNION ALL
    SELECT
        'staging.kindergarten_children' AS table_name,
        k.school_id AS school_id,
        k.school_year AS school_year,
        k.area_code AS area_code,
        k.source_file AS source_file,
        k.source_sheet AS source_sheet,
        k.source_row AS source_row
    FROM staging.kindergarten_children AS k
    WHERE NOT k.is_total AND k.children > 0
),
register AS (
    SELECT
        s.school_id AS school_id,
        s.school_year AS school_year,
        MAX(CASE WHEN s.status = '在办' THEN 1 ELSE 0 END) AS is_open,
        MIN(s.status) AS status
    FROM staging.school_register AS s
    GROUP BY s.school_id, s.school_year
),
numbered AS (
    SELECT
        r.table_name AS table_name,
        r.school_id AS school_id,
        r.school_year AS school_year,
        r.area_code AS area_code,
        r.source_file AS source_file,
        r.source_sheet AS source_sheet,
        r.source_row AS source_row,
        g.status AS status,
        ROW_NUMBER() OVER (
            PARTITION BY r.table_name, r.school_id, r.school_year
            ORDER BY r.source_file, r.source_sheet, r.source_row
        ) AS place
    FROM reported AS r
    LEFT JOIN register AS g ON g.school_id = r.school_id AND g.school_year = r.school_year
    WHERE g.school_id IS NULL OR g.is_open = 0
)
SELECT
    n.table_name AS table_name,
    n.source_file AS source_file,
    n.source_sheet AS source_sheet,
    n.source_row AS source_row,
    'school_id' AS column_name,
    n.school_id AS value,
    n.area_code AS area_code,
    CAST(n.school_year AS VARCHAR) AS period,
    n.status AS expected,
    n.school_id AS detail,
    CASE WHEN n.status IS NULL THEN '' ELSE 'closed' END AS variant
FROM numbered AS n
WHERE n.place = 1
