-- B10 小学招生数应等于一年级在校生数(留级、复学者除外)。
-- A row is one school or county (all its schools) where the two differ by more than the tolerance. More entrants than
-- pupils is an error of its own (B09).
-- Counties that have merged since handed in a row each: their rows are added up, as their pupils are.
WITH by_unit AS (
    SELECT
        COALESCE(e.school_id, e.area_code) AS unit,
        e.school_year AS school_year,
        e.grade AS grade,
        CAST(SUM(e.pupils) AS BIGINT) AS pupils
    FROM staging.enrolment_by_grade AS e
    WHERE NOT e.is_total AND e.programme = '小学' AND e.grade = 1
    GROUP BY COALESCE(e.school_id, e.area_code), e.school_year, e.grade
    UNION ALL
    SELECT
        e.area_code AS unit,
        e.school_year AS school_year,
        e.grade AS grade,
        CAST(SUM(e.pupils) AS BIGINT) AS pupils
    FROM staging.enrolment_by_grade AS e
    WHERE NOT e.is_total AND e.programme = '小学' AND e.grade = 1 AND e.school_id IS NOT NULL
    GROUP BY e.area_code, e.school_year, e.grade
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
WHERE (u.pupils - n.entrants) * 100000000 > u.pupils * CAST($tolerance_percent_micro AS BIGINT)
