-- B05 在园、入园、离园幼儿的分年龄、分班级、分性别之和等于合计行。
-- A row is one check total of a kindergarten that differs from the sum of the rows it stands for.
WITH children AS (
    SELECT
        k.school_id AS school_id,
        k.school_year AS school_year,
        k.class_level AS class_level,
        k.age AS age,
        k.sex AS sex,
        k.children AS children,
        k.entrants AS entrants,
        k.leavers AS leavers,
        k.is_total AS is_total,
        k.area_code AS area_code,
        k.source_file AS source_file,
        k.source_sheet AS source_sheet,
        k.source_row AS source_row
    FROM staging.kindergarten_children AS k
),
compared AS (
    SELECT
        t.school_id AS school_id,
        t.school_year AS school_year,
        t.children AS children,
        t.entrants AS entrants,
        t.leavers AS leavers,
        t.area_code AS area_code,
        t.source_file AS source_file,
        t.source_sheet AS source_sheet,
        t.source_row AS source_row,
        COALESCE(SUM(d.children), 0) AS children_added,
        COALESCE(SUM(d.entrants), 0) AS entrants_added,
        COALESCE(SUM(d.leavers), 0) AS leavers_added
    FROM children AS t
    LEFT JOIN children AS d
        ON d.school_id = t.school_id
        AND d.school_year = t.school_year
        AND NOT d.is_total
        AND (t.class_level IS NULL OR d.class_level = t.class_level)
        AND (t.age IS NULL OR d.age = t.age)
        AND (t.sex IS NULL OR d.sex = t.sex)
    WHERE t.is_total
    GROUP BY
        t.school_id, t.school_year, t.class_level, t.age, t.sex, t.children, t.entrants, t.leavers,
        t.area_code, t.source_file, t.source_sheet, t.source_row
),
measured AS (
    SELECT 'children' AS column_name, c.children AS stated, c.children_added AS added,
        c.school_id AS school_id, c.school_year AS school_year, c.area_code AS area_code,
        c.source_file AS source_file, c.source_sheet AS source_sheet, c.source_row AS source_row
    FROM compared AS c
    UNION ALL
    SELECT 'entrants' AS column_name, c.entrants AS stated, c.entrants_added AS added,
        c.school_id AS school_id, c.school_year AS school_year, c.area_code AS area_code,
        c.source_file AS source_file, c.source_sheet AS source_sheet, c.source_row AS source_row
    FROM compared AS c
    UNION ALL
    SELECT 'leavers' AS column_name, c.leavers AS stated, c.leavers_added AS added,
        c.school_id AS school_id, c.school_year AS school_year, c.area_code AS area_code,
        c.source_file AS source_file, c.source_sheet AS source_sheet, c.source_row AS source_row
    FROM compared AS c
)
SELECT
    'staging.kindergarten_children' AS table_name,
    m.source_file AS source_file,
    m.source_sheet AS source_sheet,
    m.source_row AS source_row,
    m.column_name AS column_name,
    CAST(m.stated AS VARCHAR) AS value,
    m.area_code AS area_code,
    CAST(m.school_year AS VARCHAR) AS period,
    CAST(CAST(m.added AS BIGINT) AS VARCHAR) AS expected,
    m.school_id AS detail
FROM measured AS m
WHERE m.stated <> m.added
