-- B16 特殊群体人数不大于在校生。
-- A row is one special group of a school, stage and grade that outnumbers the pupils of that grade.
-- The pupils of 高中 are those of every programme beyond compulsory education; special schools are held by C07.
WITH pupils AS (
    SELECT
        e.school_id AS school_id,
        e.school_year AS school_year,
        CASE WHEN e.programme IN ('小学', '初中') THEN e.programme ELSE '高中' END AS stage,
        e.grade AS grade,
        e.pupils AS pupils
    FROM staging.enrolment_by_grade AS e
    WHERE NOT e.is_total AND e.school_id IS NOT NULL
),
by_grade AS (
    SELECT
        p.school_id AS school_id,
        p.school_year AS school_year,
        p.stage AS stage,
        p.grade AS grade,
        CAST(SUM(p.pupils) AS BIGINT) AS pupils
    FROM pupils AS p
    GROUP BY p.school_id, p.school_year, p.stage, p.grade
),
groups AS (
    SELECT
        s.school_id AS school_id, s.school_year AS school_year, s.stage AS stage, s.grade AS grade,
        s.area_code AS area_code, 'boarders' AS column_name, s.boarders AS members,
        s.source_file AS source_file, s.source_sheet AS source_sheet, s.source_row AS source_row
    FROM staging.special_groups AS s
    UNION ALL
    SELECT
        s.school_id AS school_id, s.school_year AS school_year, s.stage AS stage, s.grade AS grade,
        s.area_code AS area_code, 'migrant_total' AS column_name, s.migrant_total AS members,
        s.source_file AS source_file, s.source_sheet AS source_sheet, s.source_row AS source_row
    FROM staging.special_groups AS s
    UNION ALL
    SELECT
        s.school_id AS school_id, s.school_year AS school_year, s.stage AS stage, s.grade AS grade,
        s.area_code AS area_code, 'left_behind' AS column_name, s.left_behind AS members,
        s.source_file AS source_file, s.source_sheet AS source_sheet, s.source_row AS source_row
    FROM staging.special_groups AS s
    UNION ALL
    SELECT
        s.school_id AS school_id, s.school_year AS school_year, s.stage AS stage, s.grade AS grade,
        s.area_code AS area_code, 'disabled_total' AS column_name, s.disabled_total AS members,
        s.source_file AS source_file, s.source_sheet AS source_sheet, s.source_row AS source_row
    FROM staging.special_groups AS s
    UNION ALL
    SELECT
        s.school_id AS school_id, s.school_year AS school_year, s.stage AS stage, s.grade AS grade,
        s.area_code AS area_code, 'minority' AS column_name, s.minority AS members,
        s.source_file AS source_file, s.source_sheet AS source_sheet, s.source_row AS source_row
    FROM staging.special_groups AS s
)
SELECT
    'staging.special_groups' AS table_name,
    g.source_file AS source_file,
    g.source_sheet AS source_sheet,
    g.source_row AS source_row,
    g.column_name AS column_name,
    CAST(g.members AS VARCHAR) AS value,
    g.area_code AS area_code,
    CAST(g.school_year AS VARCHAR) AS period,
    CAST(COALESCE(p.pupils, 0) AS VARCHAR) AS expected,
    g.school_id || ' ' || g.stage || ' ' || CAST(g.grade AS VARCHAR) AS detail
FROM groups AS g
LEFT JOIN by_grade AS p
    ON p.school_id = g.school_id AND p.school_year = g.school_year AND p.stage = g.stage AND p.grade = g.grade
WHERE g.stage <> '特殊教育' AND g.members > COALESCE(p.pupils, 0)
