-- 学生流动:一行一个学年、单位、年级、学籍状态,以及上一学年在读的单位和年级;值为学生数。
-- A row is the pupils of one school year, unit, grade and status, by the unit and the grade in which they were enrolled the
-- year before; these two are NULL for pupils who were enrolled in no school of the area then.
-- Counted on 1 September. Rows of pupils who left (transferred_out, dropped_out, died) bear the unit and the grade they left.
-- raw.pupil has one row for a pupil and a school year. The one file that reads every row of it in sequence.
WITH pupil AS (
    SELECT
        p.pupil_no AS pupil_no,
        p.school_year AS school_year,
        p.area_code AS area_code,
        p.grade AS grade,
        p.status AS status
    FROM raw.pupil AS p
),
sequence AS (
    SELECT
        p.school_year AS school_year,
        p.area_code AS area_code,
        p.grade AS grade,
        p.status AS status,
        LAG(p.school_year) OVER (PARTITION BY p.pupil_no ORDER BY p.school_year) AS last_year,
        LAG(p.area_code) OVER (PARTITION BY p.pupil_no ORDER BY p.school_year) AS last_area_code,
        LAG(p.grade) OVER (PARTITION BY p.pupil_no ORDER BY p.school_year) AS last_grade,
        LAG(p.status) OVER (PARTITION BY p.pupil_no ORDER BY p.school_year) AS last_status
    FROM pupil AS p
),
beside AS (
    SELECT
        s.school_year AS school_year,
        s.area_code AS area_code,
        s.grade AS grade,
        s.status AS status,
        s.last_area_code AS last_area_code,
        s.last_grade AS last_grade,
        s.last_year = s.school_year - 1
            AND s.last_status IN ('entered', 'enrolled', 'transferred_in', 'returned') AS enrolled_before
    FROM sequence AS s
),
final AS (
    SELECT
        b.school_year AS school_year,
        b.area_code AS area_code,
        b.grade AS grade,
        b.status AS status,
        CASE WHEN b.enrolled_before THEN b.last_area_code END AS area_before,
        CASE WHEN b.enrolled_before THEN b.last_grade END AS grade_before
    FROM beside AS b
)
SELECT
    f.school_year AS school_year,
    f.area_code AS area_code,
    f.grade AS grade,
    f.status AS status,
    f.area_before AS area_before,
    f.grade_before AS grade_before,
    COUNT(f.status) AS pupils
FROM final AS f
GROUP BY f.school_year, f.area_code, f.grade, f.status, f.area_before, f.grade_before
