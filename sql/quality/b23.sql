-- B23 生师比在合理范围内(幼儿园 3—40、小学 2—35、初中 2—30、高中阶段 3—30)。
-- A row is one school and stage whose pupils to a full-time teacher lie outside the band of the stage. A school
-- without teachers is told by A14.
WITH pupils AS (
    SELECT e.school_id AS school_id, e.school_year AS school_year,
        CASE WHEN e.programme IN ('小学', '初中', '普通高中') THEN e.programme ELSE '中职' END AS stage,
        e.pupils AS pupils
    FROM staging.enrolment_by_grade AS e
    WHERE e.school_id IS NOT NULL AND NOT e.is_total AND e.programme <> '成人高中'
    UNION ALL
    SELECT k.school_id AS school_id, k.school_year AS school_year, '学前' AS stage, k.children AS pupils
    FROM staging.kindergarten_children AS k
    WHERE NOT k.is_total
),
by_stage AS (
    SELECT p.school_id AS school_id, p.school_year AS school_year, p.stage AS stage, CAST(SUM(p.pupils) AS BIGINT) AS pupils
    FROM pupils AS p
    GROUP BY p.school_id, p.school_year, p.stage
),
bands AS (
    SELECT '学前' AS stage, CAST($preschool_low_micro AS BIGINT) AS low, CAST($preschool_high_micro AS BIGINT) AS high
    UNION ALL
    SELECT '小学' AS stage, CAST($primary_low_micro AS BIGINT) AS low, CAST($primary_high_micro AS BIGINT) AS high
    UNION ALL
    SELECT '初中' AS stage, CAST($junior_low_micro AS BIGINT) AS low, CAST($junior_high_micro AS BIGINT) AS high
    UNION ALL
    SELECT '普通高中' AS stage, CAST($senior_low_micro AS BIGINT) AS low, CAST($senior_high_micro AS BIGINT) AS high
    UNION ALL
    SELECT '中职' AS stage, CAST($senior_low_micro AS BIGINT) AS low, CAST($senior_high_micro AS BIGINT) AS high
)
SELECT
    'staging.staff' AS table_name,
    t.source_file AS source_file,
    t.source_sheet AS source_sheet,
    t.source_row AS source_row,
    'full_time_teachers' AS column_name,
    CAST(t.full_time_teachers AS VARCHAR) AS value,
    t.area_code AS area_code,
    CAST(t.school_year AS VARCHAR) AS period,
    CAST(p.pupils AS VARCHAR) AS expected,
    t.school_id || ' ' || t.stage AS detail
FROM staging.staff AS t
INNER JOIN by_stage AS p ON p.school_id = t.school_id AND p.school_year = t.school_year AND p.stage = t.stage
INNER JOIN bands AS b ON b.stage = t.stage
WHERE p.pupils > 0 AND t.full_time_teachers > 0
    AND (p.pupils * 1000000 < t.full_time_teachers * b.low OR p.pupils * 1000000 > t.full_time_teachers * b.high)
