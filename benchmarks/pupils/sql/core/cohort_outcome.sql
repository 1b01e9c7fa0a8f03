-- 同届学生九年后的去向:一行一个入学单位和入学学年,入学者八年后各在何处。
-- A row is the entrants of grade 1 of one unit and school year, each followed by number to 1 September eight years later:
--   entrants = in_grade9 + in_lower_grade + transferred_out + dropped_out + died + without_record
-- A pupil counts with the unit of entry wherever in the area he or she is enrolled by then. transferred_out: left for a place
-- outside the area. without_record: no row in that year and none that says how the pupil left.
-- Source: 九年义务教育巩固率, 初中毕业班学生数占该年级入小学一年级时学生数的百分比, followed by pupil.
WITH edition AS (
    SELECT
        e.year AS year
    FROM raw.edition AS e
),
entrant AS (
    SELECT
        p.pupil_no AS pupil_no,
        p.area_code AS area_code,
        p.school_year AS school_year
    FROM raw.pupil AS p
    CROSS JOIN edition AS e
    WHERE p.status = 'entered' AND p.grade = 1 AND p.school_year <= e.year - 8
),
enrolled AS (
    SELECT
        p.pupil_no AS pupil_no,
        p.school_year AS school_year,
        p.grade AS grade
    FROM raw.pupil AS p
    WHERE p.status IN ('entered', 'enrolled', 'transferred_in', 'returned')
),
change AS (
    SELECT
        p.pupil_no AS pupil_no,
        p.school_year AS school_year,
        p.status AS status
    FROM raw.pupil AS p
    WHERE p.status IN ('transferred_in', 'returned', 'transferred_out', 'dropped_out', 'died')
),
change_of_entrant AS (
    SELECT
        c.pupil_no AS pupil_no,
        c.status AS status,
        ROW_NUMBER() OVER (PARTITION BY c.pupil_no ORDER BY c.school_year DESC) AS counted_back
    FROM change AS c
    INNER JOIN entrant AS e ON e.pupil_no = c.pupil_no
    WHERE c.school_year > e.school_year AND c.school_year <= e.school_year + 8
),
last_change AS (
    SELECT
        c.pupil_no AS pupil_no,
        c.status AS status
    FROM change_of_entrant AS c
    WHERE c.counted_back = 1
),
outcome AS (
    SELECT
        e.area_code AS area_code,
        e.school_year AS school_year,
        CASE
            WHEN n.grade = 9 THEN 'in_grade9'
            WHEN n.grade IS NOT NULL THEN 'in_lower_grade'
            WHEN c.status IN ('transferred_out', 'dropped_out', 'died') THEN c.status
            ELSE 'without_record'
        END AS outcome
    FROM entrant AS e
    LEFT JOIN enrolled AS n ON n.pupil_no = e.pupil_no AND n.school_year = e.school_year + 8
    LEFT JOIN last_change AS c ON c.pupil_no = e.pupil_no
)
SELECT
    o.area_code AS area_code,
    o.school_year AS school_year,
    COUNT(o.outcome) AS entrants,
    COUNT(o.outcome) FILTER (WHERE o.outcome = 'in_grade9') AS in_grade9,
    COUNT(o.outcome) FILTER (WHERE o.outcome = 'in_lower_grade') AS in_lower_grade,
    COUNT(o.outcome) FILTER (WHERE o.outcome = 'transferred_out') AS transferred_out,
    COUNT(o.outcome) FILTER (WHERE o.outcome = 'dropped_out') AS dropped_out,
    COUNT(o.outcome) FILTER (WHERE o.outcome = 'died') AS died,
    COUNT(o.outcome) FILTER (WHERE o.outcome = 'without_record') AS without_record
FROM outcome AS o
GROUP BY o.area_code, o.school_year
