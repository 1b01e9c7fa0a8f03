-- C03 有学生的年级有班,且平均班额不超过 66 人。
-- A row is one school, stage and grade with pupils and no class, or more pupils to a class than the threshold; only
-- schools and stages of which classes were handed in.
WITH pupils AS (
    SELECT
        e.school_id AS school_id,
        e.school_year AS school_year,
        CASE e.programme WHEN '普通高中' THEN '高中' ELSE e.programme END AS stage,
        e.grade AS grade,
        CAST(SUM(e.pupils) AS BIGINT) AS pupils
    FROM staging.enrolment_by_grade AS e
    WHERE e.school_id IS NOT NULL AND NOT e.is_total AND e.programme IN ('小学', '初中', '普通高中')
    GROUP BY e.school_id, e.school_year, CASE e.programme WHEN '普通高中' THEN '高中' ELSE e.programme END, e.grade
)
SELECT
    'staging.classes' AS table_name,
    c.source_file AS source_file,
    c.source_sheet AS source_sheet,
    c.source_row AS source_row,
    'classes' AS column_name,
    CAST(c.classes AS VARCHAR) AS value,
    c.area_code AS area_code,
    CAST(c.school_year AS VARCHAR) AS period,
    CAST(p.pupils AS VARCHAR) AS expected,
    c.school_id || ' ' || c.stage || ' ' || CAST(c.grade AS VARCHAR) AS detail
FROM staging.classes AS c
INNER JOIN pupils AS p
    ON p.school_id = c.school_id AND p.school_year = c.school_year AND p.stage = c.stage AND p.grade = c.grade
WHERE p.pupils > 0 AND p.pupils * 1000000 > c.classes * CAST($largest_micro AS BIGINT)
