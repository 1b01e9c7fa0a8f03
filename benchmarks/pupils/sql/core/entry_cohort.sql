-- 入学届:一行一个单位和学年,小学招生数,以及报表所报的一年级、九年级在校生数。
-- A row is one unit in one school year: entrants (pupils who are in grade 1 for the first time) and, added up from the same
-- rows, what the returns would say: all pupils enrolled in grade 1 (repeaters with them) and in grade 9 on 1 September.
WITH flow AS (
    SELECT
        f.area_code AS area_code,
        f.school_year AS school_year,
        f.grade AS grade,
        f.status AS status,
        f.pupils AS pupils
    FROM core.pupil_flow AS f
    WHERE f.status IN ('entered', 'enrolled', 'transferred_in', 'returned')
)
SELECT
    f.area_code AS area_code,
    f.school_year AS school_year,
    CAST(COALESCE(SUM(f.pupils) FILTER (WHERE f.grade = 1 AND f.status = 'entered'), 0) AS BIGINT) AS entrants,
    CAST(COALESCE(SUM(f.pupils) FILTER (WHERE f.grade = 1), 0) AS BIGINT) AS grade1_pupils,
    CAST(COALESCE(SUM(f.pupils) FILTER (WHERE f.grade = 9), 0) AS BIGINT) AS grade9_pupils
FROM flow AS f
GROUP BY f.area_code, f.school_year
