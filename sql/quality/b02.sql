-- B02 女生数不大于合计(分年级合计、学校合计)。
-- A row is one check total of enrolment that is smaller than the girls it contains.
-- The girls of a total are the row of girls' total where it was handed in, or the sum of their grades.
WITH enrolment AS (
    SELECT
        COALESCE(e.school_id, e.county_code) AS unit,
        e.school_year AS school_year,
        e.programme AS programme,
        e.grade AS grade,
        e.sex AS sex,
        e.pupils AS pupils,
        e.is_total AS is_total,
        e.area_code AS area_code,
        e.source_file AS source_file,
        e.source_sheet AS source_sheet,
        e.source_row AS source_row
    FROM staging.enrolment_by_grade AS e
),
girls_by_grade AS (
    SELECT
        e.unit AS unit,
        e.school_year AS school_year,
        e.programme AS programme,
        e.grade AS grade,
        SUM(e.pupils) AS girls
    FROM enrolment AS e
    WHERE NOT e.is_total AND e.sex = '女'
    GROUP BY e.unit, e.school_year, e.programme, e.grade
),
girls_added AS (
    SELECT
        g.unit AS unit,
        g.school_year AS school_year,
        g.programme AS programme,
        SUM(g.girls) AS girls
    FROM girls_by_grade AS g
    GROUP BY g.unit, g.school_year, g.programme
),
girls_stated AS (
    SELECT
        e.unit AS unit,
        e.school_year AS school_year,
        e.programme AS programme,
        MAX(e.pupils) AS girls
    FROM enrolment AS e
    WHERE e.is_total AND e.sex = '女' AND e.grade IS NULL
    GROUP BY e.unit, e.school_year, e.programme
),
compared AS (
    SELECT
        t.unit AS unit,
        t.school_year AS school_year,
        t.programme AS programme,
        t.grade AS grade,
        t.pupils AS pupils,
        t.area_code AS area_code,
        t.source_file AS source_file,
        t.source_sheet AS source_sheet,
        t.source_row AS source_row,
        CASE WHEN t.grade IS NULL THEN COALESCE(s.girls, a.girls) ELSE g.girls END AS girls
    FROM enrolment AS t
    LEFT JOIN girls_by_grade AS g
        ON g.unit = t.unit AND g.school_year = t.school_year AND g.programme = t.programme
        AND g.grade = t.grade
    LEFT JOIN girls_added AS a
        ON a.unit = t.unit AND a.school_year = t.school_year AND a.programme = t.programme
    LEFT JOIN girls_stated AS s
        ON s.unit = t.unit AND s.school_year = t.school_year AND s.programme = t.programme
    WHERE t.is_total AND t.sex IS NULL
)
SELECT
    'staging.enrolment_by_grade' AS table_name,
    c.source_file AS source_file,
    c.source_sheet AS source_sheet,
    c.source_row AS source_row,
    'pupils' AS column_name,
    CAST(c.pupils AS VARCHAR) AS value,
    c.area_code AS area_code,
    CAST(c.school_year AS VARCHAR) AS period,
    CAST(CAST(c.girls AS BIGINT) AS VARCHAR) AS expected,
    c.unit || ' ' || c.programme || COALESCE(' ' || CAST(c.grade AS VARCHAR), '') AS detail
FROM compared AS c
WHERE c.girls > c.pupils
