-- 同届学生:一行一县一学年的一年级、九年级在校生数。
-- A row is the grade-1 and grade-9 pupils of one unit; early years are county counts, later ones sums over schools.
-- Where a year has returns by school, they alone count, so that nobody is counted twice.
WITH pupils AS (
    SELECT
        e.area_code AS area_code,
        e.school_year AS school_year,
        e.programme AS programme,
        e.grade AS grade,
        e.school_id AS school_id,
        e.pupils AS pupils
    FROM staging.enrolment_by_grade AS e
    WHERE NOT e.is_total
),
years_by_school AS (
    SELECT
        p.school_year AS school_year,
        COUNT(p.school_id) AS school_rows
    FROM pupils AS p
    WHERE p.school_id IS NOT NULL
    GROUP BY p.school_year
)
SELECT
    p.area_code AS area_code,
    p.school_year AS school_year,
    CAST(SUM(CASE WHEN p.programme = '小学' AND p.grade = 1 THEN p.pupils ELSE 0 END) AS BIGINT) AS grade1_pupils,
    CAST(SUM(CASE WHEN p.programme = '初中' AND p.grade = 9 THEN p.pupils ELSE 0 END) AS BIGINT) AS grade9_pupils
FROM pupils AS p
LEFT JOIN years_by_school AS y ON y.school_year = p.school_year
WHERE p.school_id IS NOT NULL OR y.school_year IS NULL
GROUP BY p.area_code, p.school_year
