-- B31 课后服务参加人数不大于申请人数。
-- A row is one school and term with more children served than applied, or (variant pupils) more who applied
-- than the school has pupils in compulsory education.
WITH pupils AS (
    SELECT
        e.school_id AS school_id,
        e.school_year AS school_year,
        CAST(SUM(e.pupils) AS BIGINT) AS pupils
    FROM staging.enrolment_by_grade AS e
    WHERE NOT e.is_total AND e.programme IN ('小学', '初中')
    GROUP BY e.school_id, e.school_year
)
SELECT
    'staging.after_school_service' AS table_name,
    a.source_file AS source_file,
    a.source_sheet AS source_sheet,
    a.source_row AS source_row,
    'served' AS column_name,
    CAST(a.served AS VARCHAR) AS value,
    a.area_code AS area_code,
    CAST(a.school_year AS VARCHAR) AS period,
    CAST(a.applied AS VARCHAR) AS expected,
    a.school_id AS detail,
    '' AS variant
FROM staging.after_school_service AS a
WHERE a.served > a.applied
UNION ALL
SELECT
    'staging.after_school_service' AS table_name,
    a.source_file AS source_file,
    a.source_sheet AS source_sheet,
    a.source_row AS source_row,
    'applied' AS column_name,
    CAST(a.applied AS VARCHAR) AS value,
    a.area_code AS area_code,
    CAST(a.school_year AS VARCHAR) AS period,
    CAST(COALESCE(p.pupils, 0) AS VARCHAR) AS expected,
    a.school_id AS detail,
    'pupils' AS variant
FROM staging.after_school_service AS a
LEFT JOIN pupils AS p ON p.school_id = a.school_id AND p.school_year = a.school_year
WHERE a.applied > COALESCE(p.pupils, 0)
