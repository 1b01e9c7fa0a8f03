-- B09 小学招生数不大于一年级在校生。
-- A row is one school or county whose primary entrants outnumber its pupils of grade 1 (a county: all its schools).
-- Counties that have merged since handed in a row each: their rows are added up, as their pupils are.
WITH grade_one AS (
    SELECT
        e.school_id AS school_id,
        e.area_code AS area_code,
        e.school_year AS school_year,
        e.pupils AS pupils
    FROM staging.enrolment_by_grade AS e
    WHERE NOT e.is_total AND e.programme = '小学' AND e.grade = 1
),
by_unit AS (
    SELECT g.school_id AS unit, g.school_year AS school_year, CAST(SUM(g.pupils) AS BIGINT) AS pupils
    FROM grade_one AS g
    WHERE g.school_id IS NOT NULL
    GROUP BY g.school_id, g.school_year
    UNION ALL
    SELECT g.area_code AS unit, g.school_year AS school_year, CAST(SUM(g.pupils) AS BIGINT) AS pupils
    FROM grade_one AS g
    GROUP BY g.area_code, g.school_year
),
handed AS (
    SELECT
        COALESCE(n.school_id, n.area_code) AS unit,
        n.area_code AS area_code,
        n.school_year AS school_year,
        CASE WHEN COUNT(n.entrants) = COUNT(*) THEN CAST(SUM(n.entrants) AS BIGINT) END AS entrants,
        MIN(n.source_file) AS source_file,
        MIN(n.source_sheet) AS source_sheet,
        CASE WHEN COUNT(*) = 1 THEN MIN(n.source_row) END AS source_row
    FROM staging.entrants_graduates AS n
    WHERE n.stage = '小学'
    GROUP BY COALESCE(n.school_id, n.area_code), n.area_code, n.school_year
)
SELECT
    'staging.entrants_graduates' AS table_name,
    n.source_file AS source_file,
    n.source_sheet AS source_sheet,
    n.source_row AS source_row,
    'entrants' AS column_name,
    CAST(n.entrants AS VARCHAR) AS value,
    n.area_code AS area_code,
    CAST(n.school_year AS VARCHAR) AS period,
    CAST(u.pupils AS VARCHAR) AS expected,
    u.unit AS detail
FROM handed AS n
INNER JOIN by_unit AS u ON u.unit = n.unit AND u.school_year = n.school_year
WHERE n.entrants > u.pupils
