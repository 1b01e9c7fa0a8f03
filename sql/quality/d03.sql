-- D03 毕业生数不少于上年毕业班在校生的 95%。
-- A row is one unit and stage with fewer graduates than that share of the final grade of the autumn before.
WITH graduates AS (
    SELECT
        g.area_code AS area_code,
        g.school_year AS school_year,
        g.stage AS stage,
        CAST(SUM(g.graduates_prev_summer) AS BIGINT) AS graduates,
        MIN(g.source_file) AS source_file,
        MIN(g.source_sheet) AS source_sheet,
        CASE WHEN COUNT(*) = 1 THEN MIN(g.source_row) END AS source_row
    FROM staging.entrants_graduates AS g
    WHERE g.stage IN ('小学', '初中')
    GROUP BY g.area_code, g.school_year, g.stage
),
final_grade AS (
    SELECT e.area_code AS area_code, e.school_year AS school_year, e.programme AS stage,
        CAST(SUM(e.pupils) AS BIGINT) AS pupils
    FROM staging.enrolment_by_grade AS e
    WHERE NOT e.is_total AND ((e.programme = '小学' AND e.grade = 6) OR (e.programme = '初中' AND e.grade = 9))
    GROUP BY e.area_code, e.school_year, e.programme
)
SELECT
    'staging.entrants_graduates' AS table_name,
    g.source_file AS source_file,
    g.source_sheet AS source_sheet,
    g.source_row AS source_row,
    'graduates_prev_summer' AS column_name,
    CAST(g.graduates AS VARCHAR) AS value,
    g.area_code AS area_code,
    CAST(g.school_year AS VARCHAR) AS period,
    CAST(f.pupils AS VARCHAR) AS expected,
    g.stage AS detail
FROM graduates AS g
INNER JOIN final_grade AS f ON f.area_code = g.area_code AND f.stage = g.stage AND f.school_year = g.school_year - 1
WHERE g.graduates * 100000000 < f.pupils * CAST($least_percent_micro AS BIGINT)
