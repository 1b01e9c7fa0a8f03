-- B09 小学招生数不大于一年级在校生。
-- A row is one school or county whose primary entrants outnumber its pupils of grade 1 (a county: all its schools).
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
FROM staging.entrants_graduates AS n
INNER JOIN by_unit AS u ON u.unit = COALESCE(n.school_id, n.area_code) AND u.school_year = n.school_year
WHERE n.stage = '小学' AND n.entrants > u.pupils
