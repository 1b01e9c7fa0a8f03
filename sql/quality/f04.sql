-- F04 有学校名录的学年,在校生分校填报,不再报县(区)合计。
-- A row is one row of pupils without a school in a school year of which there is a register: no figure counts it.
WITH years AS (
    SELECT s.school_year AS school_year
    FROM staging.school_register AS s
    GROUP BY s.school_year
)
SELECT
    'staging.enrolment_by_grade' AS table_name,
    e.source_file AS source_file,
    e.source_sheet AS source_sheet,
    CAST(e.source_row AS INTEGER) AS source_row,
    'school_id' AS column_name,
    '' AS value,
    e.area_code AS area_code,
    CAST(e.school_year AS VARCHAR) AS period,
    '' AS expected,
    CAST(e.pupils AS VARCHAR) AS detail
FROM staging.enrolment_by_grade AS e
INNER JOIN years AS y ON y.school_year = e.school_year
WHERE e.school_id IS NULL
