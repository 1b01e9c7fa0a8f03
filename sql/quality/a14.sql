-- A14 在办而没有学生、没有专任教师或没有校舍的学校(三无学校),逐所核实。
-- A row is one open school whose returns of the year add up to none. A school that handed in no such return is not
-- judged here.
WITH pupils AS (
    SELECT e.school_id AS school_id, e.school_year AS school_year, e.pupils AS pupils
    FROM staging.enrolment_by_grade AS e
    WHERE e.school_id IS NOT NULL AND NOT e.is_total
    UNION ALL
    SELECT k.school_id AS school_id, k.school_year AS school_year, k.children AS pupils
    FROM staging.kindergarten_children AS k
    WHERE NOT k.is_total
),
measured AS (
    SELECT p.school_id AS school_id, p.school_year AS school_year, 'no_pupils' AS variant, SUM(p.pupils) AS found
    FROM pupils AS p
    GROUP BY p.school_id, p.school_year
    UNION ALL
    SELECT t.school_id AS school_id, t.school_year AS school_year, 'no_teachers' AS variant,
        SUM(t.full_time_teachers) AS found
    FROM staging.staff AS t
    GROUP BY t.school_id, t.school_year
    UNION ALL
    SELECT f.school_id AS school_id, f.school_year AS school_year, 'no_floor' AS variant, f.floor_m2 AS found
    FROM staging.facilities AS f
)
SELECT
    'staging.school_register' AS table_name,
    s.source_file AS source_file,
    s.source_sheet AS source_sheet,
    s.source_row AS source_row,
    'status' AS column_name,
    s.status AS value,
    s.area_code AS area_code,
    CAST(s.school_year AS VARCHAR) AS period,
    '' AS expected,
    s.school_id AS detail,
    m.variant AS variant
FROM staging.school_register AS s
INNER JOIN measured AS m ON m.school_id = s.school_id AND m.school_year = s.school_year
WHERE s.status = '在办' AND m.found = 0
