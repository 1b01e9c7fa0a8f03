-- B10 小学招生数应等于一年级在校生数(留级、复学者除外)。
-- A row is one school or county (all its schools) where the two differ by more than the tolerance. More entrants than
-- pupils is an error of its own (B09).
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
WHERE n.stage = '小学' AND (u.pupils - n.entrants) * 100000000 > u.pupils * CAST($tolerance_percent_micro AS BIGINT)
