-- F10 在办学校按办学类型报齐教职工、班级、特殊群体学生和办学条件。
-- A row is one open school of the register and one of four returns by school in which it has no row of its own in a school
-- year of which anybody handed it in; or (variant part) a stage that the school teaches, or grades of it, that it left out of
-- a return which it did hand in: whoever is missing there drops out of a share without a word. Zeros are rows. Kindergartens
-- and attached kindergarten classes have no special groups. Schools of special education are not held to stages (each return
-- has a stage of its own for them), nor to adults; classes may be mixed, so they are not held to grades. The place is the
-- school's row of the register. A school that did not even report its pupils is told by F05 or F06, and a year of which
-- nothing at all has come by A13 where it is due.
WITH pupil_rows AS (
    SELECT e.school_id AS school_id, e.school_year AS school_year
    FROM staging.enrolment_by_grade AS e
    WHERE NOT e.is_total AND e.school_id IS NOT NULL
    UNION
    SELECT k.school_id AS school_id, k.school_year AS school_year
    FROM staging.kindergarten_children AS k
    WHERE NOT k.is_total
),
school AS (
    SELECT
        s.school_id AS school_id,
        s.school_year AS school_year,
        s.school_name AS school_name,
        s.school_type AS school_type,
        s.area_code AS area_code,
        s.source_file AS source_file,
        s.source_sheet AS source_sheet,
        s.source_row AS source_row
    FROM staging.school_register AS s
    INNER JOIN pupil_rows AS p ON p.school_id = s.school_id AND p.school_year = s.school_year
    WHERE s.status = '在办'
),
reported AS (
    SELECT
        'staging.staff' AS table_name,
        t.school_id AS school_id,
        t.school_year AS school_year,
        t.stage AS stage,
        CAST(NULL AS BIGINT) AS grade
    FROM staging.staff AS t
    UNION ALL
    SELECT
        'staging.classes' AS table_name,
        c.school_id AS school_id,
        c.school_year AS school_year,
        c.stage AS stage,
        CAST(NULL AS BIGINT) AS grade
    FROM staging.classes AS c
    UNION ALL
    SELECT
        'staging.special_groups' AS table_name,
        g.school_id AS school_id,
        g.school_year AS school_year,
        g.stage AS stage,
        CAST(g.grade AS BIGINT) AS grade
    FROM staging.special_groups AS g
    UNION ALL
    SELECT
        'staging.facilities' AS table_name,
        f.school_id AS school_id,
        f.school_year AS school_year,
        CAST(NULL AS VARCHAR) AS stage,
        CAST(NULL AS BIGINT) AS grade
    FROM staging.facilities AS f
),
reported_year AS (
    SELECT r.table_name AS table_name, r.school_year AS school_year
    FROM reported AS r
    GROUP BY r.table_name, r.school_year
),
reported_school AS (
    SELECT r.table_name AS table_name, r.school_id AS school_id, r.school_year AS school_year
    FROM reported AS r
    GROUP BY r.table_name, r.school_id, r.school_year
),
reported_part AS (
    SELECT
        r.table_name AS table_name,
        r.school_id AS school_id,
        r.school_year AS school_year,
        r.stage AS stage,
        COALESCE(r.grade, 0) AS grade
    FROM reported AS r
    GROUP BY r.table_name, r.school_id, r.school_year, r.stage, COALESCE(r.grade, 0)
),
-- whom each school teaches, of the stages and grades of its kind: pupils of another kind are told by C02
taught AS (
    SELECT
        e.school_id AS school_id,
        e.school_year AS school_year,
        CASE WHEN e.programme IN ('小学', '初中', '普通高中') THEN e.programme ELSE '中职' END AS staff_stage,
        CASE WHEN e.programme IN ('小学', '初中') THEN e.programme ELSE '高中' END AS pupil_stage,
        CAST(e.grade AS BIGINT) AS grade
    FROM staging.enrolment_by_grade AS e
    INNER JOIN school AS s ON s.school_id = e.school_id AND s.school_year = e.school_year
    WHERE NOT e.is_total
        AND (
            (e.programme = '小学' AND e.grade BETWEEN 1 AND 6 AND (s.school_type LIKE '21%' OR s.school_type IN ('312', '345')))
            OR (e.programme = '初中' AND e.grade BETWEEN 7 AND 9 AND (s.school_type LIKE '31%' OR s.school_type IN ('341', '345')))
            OR (e.programme = '普通高中' AND s.school_type LIKE '34%')
            OR (
                e.programme NOT IN ('小学', '初中', '普通高中', '成人高中')
                AND (s.school_type LIKE '34%' OR s.school_type LIKE '36%')
            )
        )
    GROUP BY e.school_id, e.school_year, e.programme, e.grade
    HAVING SUM(e.pupils) > 0
    UNION ALL
    SELECT
        k.school_id AS school_id,
        k.school_year AS school_year,
        '学前' AS staff_stage,
        '学前' AS pupil_stage,
        CAST(NULL AS BIGINT) AS grade
    FROM staging.kindergarten_children AS k
    WHERE NOT k.is_total
    GROUP BY k.school_id, k.school_year
    HAVING SUM(k.children) > 0
),
needed_part AS (
    SELECT
        'staging.staff' AS table_name,
        t.school_id AS school_id,
        t.school_year AS school_year,
        t.staff_stage AS stage,
        CAST(0 AS BIGINT) AS grade
    FROM taught AS t
    UNION
    SELECT
        'staging.classes' AS table_name,
        t.school_id AS school_id,
        t.school_year AS school_year,
        t.pupil_stage AS stage,
        CAST(0 AS BIGINT) AS grade
    FROM taught AS t
    UNION
    SELECT
        'staging.special_groups' AS table_name,
        t.school_id AS school_id,
        t.school_year AS school_year,
        t.pupil_stage AS stage,
        t.grade AS grade
    FROM taught AS t
    WHERE t.pupil_stage <> '学前'
),
left_out AS (
    SELECT
        n.table_name AS table_name,
        n.school_id AS school_id,
        n.school_year AS school_year,
        n.stage || COALESCE(' ' || STRING_AGG(CAST(NULLIF(n.grade, 0) AS VARCHAR), '/' ORDER BY n.grade), '') AS part
    FROM needed_part AS n
    INNER JOIN reported_school AS h
        ON h.table_name = n.table_name AND h.school_id = n.school_id AND h.school_year = n.school_year
    LEFT JOIN reported_part AS p
        ON p.table_name = n.table_name AND p.school_id = n.school_id AND p.school_year = n.school_year
        AND p.stage = n.stage AND p.grade = n.grade
    WHERE p.school_id IS NULL
    GROUP BY n.table_name, n.school_id, n.school_year, n.stage
)
SELECT
    y.table_name AS table_name,
    s.source_file AS source_file,
    s.source_sheet AS source_sheet,
    CAST(s.source_row AS INTEGER) AS source_row,
    'school_id' AS column_name,
    s.school_id AS value,
    s.area_code AS area_code,
    CAST(s.school_year AS VARCHAR) AS period,
    '' AS expected,
    s.school_name AS detail,
    '' AS variant
FROM school AS s
INNER JOIN reported_year AS y ON y.school_year = s.school_year
LEFT JOIN reported_school AS r
    ON r.table_name = y.table_name AND r.school_id = s.school_id AND r.school_year = s.school_year
WHERE r.school_id IS NULL AND NOT (y.table_name = 'staging.special_groups' AND s.school_type LIKE '11%')
UNION ALL
SELECT
    l.table_name AS table_name,
    s.source_file AS source_file,
    s.source_sheet AS source_sheet,
    CAST(s.source_row AS INTEGER) AS source_row,
    'school_id' AS column_name,
    s.school_id AS value,
    s.area_code AS area_code,
    CAST(s.school_year AS VARCHAR) AS period,
    l.part AS expected,
    s.school_name AS detail,
    'part' AS variant
FROM school AS s
INNER JOIN left_out AS l ON l.school_id = s.school_id AND l.school_year = s.school_year
WHERE s.school_type NOT LIKE '51%'
