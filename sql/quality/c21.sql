-- C21 本版次年度有高中阶段在校生而没有人社部门的技工学校报表。
-- A row is the year of the edition when upper-secondary pupils were handed in by grade and technical schools were not.
WITH taught AS (
    SELECT e.school_year AS school_year, CAST(SUM(e.pupils) AS BIGINT) AS pupils
    FROM staging.enrolment_by_grade AS e
    WHERE NOT e.is_total AND e.programme IN ('普通高中', '中专', '职高', '成人中专', '附设中职')
    GROUP BY e.school_year
),
technical AS (
    SELECT t.school_year AS school_year, COUNT(*) AS reported
    FROM staging.technical_school_enrolment AS t
    GROUP BY t.school_year
)
SELECT
    'staging.technical_school_enrolment' AS table_name,
    '' AS source_file,
    '' AS source_sheet,
    CAST(NULL AS INTEGER) AS source_row,
    '' AS column_name,
    CAST(t.pupils AS VARCHAR) AS value,
    d.area_code AS area_code,
    CAST(d.year AS VARCHAR) AS period,
    '' AS expected,
    '' AS detail
FROM raw.edition AS d
INNER JOIN taught AS t ON t.school_year = d.year
LEFT JOIN technical AS k ON k.school_year = d.year
WHERE k.school_year IS NULL
