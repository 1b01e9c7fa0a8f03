-- D05 学校在校生较上年变动不超过 30% 或不超过 50 人。
-- A row is one school whose pupils changed by more than both thresholds since the year before.
WITH by_school AS (
    SELECT e.school_id AS school_id, e.area_code AS area_code, e.school_year AS school_year,
        CAST(SUM(e.pupils) AS BIGINT) AS pupils, MIN(e.source_file) AS source_file,
        MIN(e.source_sheet) AS source_sheet, MIN(e.source_row) AS source_row
    FROM staging.enrolment_by_grade AS e
    WHERE e.school_id IS NOT NULL AND NOT e.is_total
    GROUP BY e.school_id, e.area_code, e.school_year
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
    n.school_id AS detail
FROM by_school AS n
INNER JOIN by_school AS b ON b.school_id = n.school_id AND b.area_code = n.area_code AND b.school_year = n.school_year - 1
WHERE ABS(n.pupils - b.pupils) * 1000000 > CAST($least_micro AS BIGINT)
    AND ABS(n.pupils - b.pupils) * 100000000 > b.pupils * CAST($change_percent_micro AS BIGINT)
