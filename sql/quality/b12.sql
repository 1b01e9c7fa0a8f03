-- B12 小学预计毕业生数应等于六年级在校生数。
-- A row is one school or county (all its schools) where the two differ.
-- Counties that have merged since handed in a row each: their rows are added up, as their pupils are.
WITH by_unit AS (
    SELECT
        COALESCE(e.school_id, e.area_code) AS unit,
        e.school_year AS school_year,
        e.grade AS grade,
        CAST(SUM(e.pupils) AS BIGINT) AS pupils
    FROM staging.enrolment_by_grade AS e
    WHERE NOT e.is_total AND e.programme IN ('小学', '初中') AND e.grade IN (6, 7, 9)
    GROUP BY COALESCE(e.school_id, e.area_code), e.school_year, e.grade
    UNION ALL
    SELECT
        e.area_code AS unit,
        e.school_year AS school_year,
        e.grade AS grade,
        CAST(SUM(e.pupils) AS BIGINT) AS pupils
    FROM staging.enrolment_by_grade AS e
    WHERE NOT e.is_total AND e.programme IN ('小学', '初中') AND e.grade IN (6, 7, 9) AND e.school_id IS NOT NULL
    GROUP BY e.area_code, e.school_year, e.grade
),
handed AS (
    SELECT
        COALESCE(n.school_id, n.area_code) AS unit,
        n.area_code AS area_code,
        n.school_year AS school_year,
        CASE WHEN COUNT(n.expected_graduates) = COUNT(*) THEN CAST(SUM(n.expected_graduates) AS BIGINT) END AS expected_graduates,
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
    'expected_graduates' AS column_name,
    CAST(n.expected_graduates AS VARCHAR) AS value,
    n.area_code AS area_code,
    CAST(n.school_year AS VARCHAR) AS period,
    CAST(u.pupils AS VARCHAR) AS expected,
    u.unit AS detail
FROM handed AS n
INNER JOIN by_unit AS u
    ON u.unit = n.unit AND u.school_year = n.school_year AND u.grade = 6
WHERE n.expected_graduates <> u.pupils
