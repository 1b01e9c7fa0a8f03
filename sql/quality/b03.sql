-- B03 各年级(男+女)之和等于合计行。
-- A row is one check total of enrolment that differs from the sum of the rows it stands for: all grades
-- of a school, one sex over all grades, or both sexes of one grade.
-- A total smaller than its girls is told by B02 and not repeated here.
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
compared AS (
    SELECT
        t.unit AS unit,
        t.school_year AS school_year,
        t.programme AS programme,
        t.grade AS grade,
        t.sex AS sex,
        t.pupils AS pupils,
        t.area_code AS area_code,
        t.source_file AS source_file,
        t.source_sheet AS source_sheet,
        t.source_row AS source_row,
        COALESCE(SUM(d.pupils), 0) AS added,
        COALESCE(SUM(CASE WHEN d.sex = '女' THEN d.pupils ELSE 0 END), 0) AS girls
    FROM enrolment AS t
    LEFT JOIN enrolment AS d
        ON d.unit = t.unit
        AND d.school_year = t.school_year
        AND d.programme = t.programme
        AND NOT d.is_total
        AND (t.grade IS NULL OR d.grade = t.grade)
        AND (t.sex IS NULL OR d.sex = t.sex)
    WHERE t.is_total
    GROUP BY
        t.unit, t.school_year, t.programme, t.grade, t.sex, t.pupils, t.area_code,
        t.source_file, t.source_sheet, t.source_row
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
    CAST(CAST(c.added AS BIGINT) AS VARCHAR) AS expected,
    c.unit || ' ' || c.programme
        || COALESCE(' ' || CAST(c.grade AS VARCHAR), '') || COALESCE(' ' || c.sex, '') AS detail
FROM compared AS c
WHERE c.pupils <> c.added AND NOT (c.sex IS NULL AND c.girls > c.pupils)
