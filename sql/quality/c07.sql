-- C07 特教学校学生两表相符。
-- A row is one special school (code 51…) whose pupils differ between the special groups and the enrolment return.
-- Looked at where the school handed in both.
WITH special AS (
    SELECT
        g.school_id AS school_id,
        g.school_year AS school_year,
        g.area_code AS area_code,
        CAST(SUM(g.disabled_special_school) AS BIGINT) AS pupils,
        MIN(g.source_file) AS source_file,
        MIN(g.source_sheet) AS source_sheet,
        CASE WHEN COUNT(*) = 1 THEN MIN(g.source_row) END AS source_row
    FROM staging.special_groups AS g
    WHERE g.school_id LIKE '51%'
    GROUP BY g.school_id, g.school_year, g.area_code
),
enrolled AS (
    SELECT
        e.school_id AS school_id,
        e.school_year AS school_year,
        CAST(SUM(e.pupils) AS BIGINT) AS pupils
    FROM staging.enrolment_by_grade AS e
    WHERE NOT e.is_total
    GROUP BY e.school_id, e.school_year
)
SELECT
    'staging.special_groups' AS table_name,
    g.source_file AS source_file,
    g.source_sheet AS source_sheet,
    g.source_row AS source_row,
    'disabled_special_school' AS column_name,
    CAST(g.pupils AS VARCHAR) AS value,
    g.area_code AS area_code,
    CAST(g.school_year AS VARCHAR) AS period,
    CAST(e.pupils AS VARCHAR) AS expected,
    g.school_id AS detail
FROM special AS g
INNER JOIN enrolled AS e ON e.school_id = g.school_id AND e.school_year = g.school_year
WHERE g.pupils <> e.pupils
