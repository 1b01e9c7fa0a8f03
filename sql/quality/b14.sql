-- B14 没有五年制小学、四年制初中。
-- A row is one school (or county row) and year that looks like a five-year primary school: pupils in grade 5 in this
-- year and the year before, and none in grade 6 (variant five_year); or junior pupils in grade 6 or 10, a fourth
-- year of junior school (variant four_year). A school that is run down keeps its grade 6 and is not told; one that
-- closed has no grade 5. Junior grades 6 and 10 are told here and not by C02.
WITH grades AS (
    SELECT
        COALESCE(e.school_id, e.area_code) AS unit,
        e.area_code AS area_code,
        e.school_year AS school_year,
        e.programme AS programme,
        e.grade AS grade,
        CAST(SUM(e.pupils) AS BIGINT) AS pupils,
        MIN(e.source_file) AS source_file,
        MIN(e.source_sheet) AS source_sheet,
        MIN(e.source_row) AS source_row
    FROM staging.enrolment_by_grade AS e
    WHERE NOT e.is_total AND e.pupils > 0 AND e.programme IN ('小学', '初中')
    GROUP BY COALESCE(e.school_id, e.area_code), e.area_code, e.school_year, e.programme, e.grade
),
fifth AS (
    SELECT g.unit AS unit, g.area_code AS area_code, g.school_year AS school_year, g.pupils AS pupils,
        g.source_file AS source_file, g.source_sheet AS source_sheet, g.source_row AS source_row
    FROM grades AS g
    WHERE g.programme = '小学' AND g.grade = 5
),
sixth AS (
    SELECT g.unit AS unit, g.area_code AS area_code, g.school_year AS school_year
    FROM grades AS g
    WHERE g.programme = '小学' AND g.grade = 6
)
SELECT
    'staging.enrolment_by_grade' AS table_name,
    n.source_file AS source_file,
    n.source_sheet AS source_sheet,
    n.source_row AS source_row,
    'grade' AS column_name,
    '5' AS value,
    n.area_code AS area_code,
    CAST(n.school_year AS VARCHAR) AS period,
    CAST(b.pupils AS VARCHAR) AS expected,
    n.unit AS detail,
    'five_year' AS variant
FROM fifth AS n
INNER JOIN fifth AS b ON b.unit = n.unit AND b.area_code = n.area_code AND b.school_year = n.school_year - 1
LEFT JOIN sixth AS s ON s.unit = n.unit AND s.area_code = n.area_code AND s.school_year = n.school_year
WHERE s.unit IS NULL
UNION ALL
SELECT
    'staging.enrolment_by_grade' AS table_name,
    g.source_file AS source_file,
    g.source_sheet AS source_sheet,
    g.source_row AS source_row,
    'grade' AS column_name,
    CAST(g.grade AS VARCHAR) AS value,
    g.area_code AS area_code,
    CAST(g.school_year AS VARCHAR) AS period,
    CAST(g.pupils AS VARCHAR) AS expected,
    g.unit AS detail,
    'four_year' AS variant
FROM grades AS g
WHERE g.programme = '初中' AND g.grade IN (6, 10)
