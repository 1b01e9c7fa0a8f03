-- D06 县级分学段在校生较上年变动不超过 10%。只看按年级报全的年份(两年的年级相同)。
-- A row is one county and stage whose pupils changed by more than the threshold; years with the same grades only.
WITH by_county AS (
    SELECT e.area_code AS area_code, e.school_year AS school_year,
        CASE WHEN e.programme IN ('小学', '初中', '普通高中') THEN e.programme ELSE '中职' END AS stage,
        CAST(SUM(e.pupils) AS BIGINT) AS pupils, COUNT(DISTINCT e.grade) AS grades, MIN(e.source_file) AS source_file,
        MIN(e.source_sheet) AS source_sheet, CAST(NULL AS INTEGER) AS source_row
    FROM staging.enrolment_by_grade AS e
    WHERE NOT e.is_total AND e.programme <> '成人高中'
    GROUP BY e.area_code, e.school_year,
        CASE WHEN e.programme IN ('小学', '初中', '普通高中') THEN e.programme ELSE '中职' END
)
SELECT
    'staging.enrolment_by_grade' AS table_name,
    n.source_file AS source_file,
    n.source_sheet AS source_sheet,
    n.source_row AS source_row,
    'pupils' AS column_name,
    CAST(n.pupils AS VARCHAR) AS value,
    n.area_code AS area_code,
    CAST(n.school_year AS VARCHAR) AS period,
    CAST(b.pupils AS VARCHAR) AS expected,
    n.stage AS detail
FROM by_county AS n
INNER JOIN by_county AS b
    ON b.area_code = n.area_code AND b.stage = n.stage AND b.school_year = n.school_year - 1 AND b.grades = n.grades
WHERE ABS(n.pupils - b.pupils) * 100000000 > b.pupils * CAST($change_percent_micro AS BIGINT)
