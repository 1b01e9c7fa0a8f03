-- A07 已作废的学校标识码不再使用。
-- A row is one open school whose code stood as merged or abolished (撤并) in an earlier year.
-- A school that only stopped (停办) keeps its code and may open again.
WITH retired AS (
    SELECT
        s.school_id AS school_id,
        MIN(s.school_year) AS school_year
    FROM staging.school_register AS s
    WHERE s.status = '撤并'
    GROUP BY s.school_id
)
SELECT
    'staging.school_register' AS table_name,
    s.source_file AS source_file,
    s.source_sheet AS source_sheet,
    s.source_row AS source_row,
    'school_id' AS column_name,
    CAST(s.school_id AS VARCHAR) AS value,
    s.area_code AS area_code,
    CAST(s.school_year AS VARCHAR) AS period,
    CAST(r.school_year AS VARCHAR) AS expected,
    '' AS detail
FROM staging.school_register AS s
INNER JOIN retired AS r ON r.school_id = s.school_id AND r.school_year < s.school_year
WHERE s.status = '在办'
