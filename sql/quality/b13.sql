-- B13 初中预计毕业生数应等于九年级在校生数,初中招生数应等于七年级在校生数。
-- A row is one school or county (all its schools) where the two differ by more than the tolerance.
WITH by_unit AS (
    SELECT
        COALESCE(e.school_id, e.area_code) AS unit,
        e.school_year AS school_year,
        e.grade AS grade,
        CAST(SUM(e.pupils) AS BIGINT) AS pupils
    FROM staging.enrolment_by_grade AS e
    WHERE NOT e.is_total AND e.programme = '初中' AND e.grade IN (7, 9)
    GROUP BY COALESCE(e.school_id, e.area_code), e.school_year, e.grade
    UNION ALL
    SELECT
        e.area_code AS unit,
        e.school_year AS school_year,
        e.grade AS grade,
        CAST(SUM(e.pupils) AS BIGINT) AS pupils
    FROM staging.enrolment_by_grade AS e
    WHERE NOT e.is_total AND e.programme = '初中' AND e.grade IN (7, 9) AND e.school_id IS NOT NULL
    GROUP BY e.area_code, e.school_year, e.grade
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
    u.unit AS detail,
    'graduates' AS variant
FROM staging.entrants_graduates AS n
INNER JOIN by_unit AS u
    ON u.unit = COALESCE(n.school_id, n.area_code) AND u.school_year = n.school_year AND u.grade = 9
WHERE n.stage = '初中' AND n.expected_graduates <> u.pupils
UNION ALL
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
    u.unit AS detail,
    'entrants' AS variant
FROM staging.entrants_graduates AS n
INNER JOIN by_unit AS u
    ON u.unit = COALESCE(n.school_id, n.area_code) AND u.school_year = n.school_year AND u.grade = 7
WHERE n.stage = '初中' AND ABS(n.entrants - u.pupils) * 100000000 > u.pupils * CAST($tolerance_percent_micro AS BIGINT)
