-- D02 毕业生数不大于上年毕业班学生数。
-- A row is one unit and stage with more graduates than the final grade of the autumn before, with net transfers, could give.
-- Compared in present-day units. Net transfers are those of the final grade, where the movement return has that
-- grade; a net loss is not taken off, because the return runs to 1 September and pupils may leave after graduation.
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
    SELECT
        e.area_code AS area_code,
        e.school_year AS school_year,
        e.programme AS stage,
        CAST(SUM(e.pupils) AS BIGINT) AS pupils
    FROM staging.enrolment_by_grade AS e
    WHERE NOT e.is_total AND ((e.programme = '小学' AND e.grade = 6) OR (e.programme = '初中' AND e.grade = 9))
    GROUP BY e.area_code, e.school_year, e.programme
),
net_in AS (
    SELECT
        m.area_code AS area_code,
        m.school_year AS school_year,
        CASE m.grade WHEN 6 THEN '小学' ELSE '初中' END AS stage,
        CAST(SUM(
            m.in_county + m.in_city + m.in_other + m.resumed + m.other_in
            - m.out_county - m.out_city - m.out_other - m.suspended - m.withdrawn - m.died - m.other_out
        ) AS BIGINT) AS pupils
    FROM staging.pupil_movement AS m
    WHERE m.grade IN (6, 9)
    GROUP BY m.area_code, m.school_year, CASE m.grade WHEN 6 THEN '小学' ELSE '初中' END
),
compared AS (
    SELECT
        g.area_code AS area_code,
        g.school_year AS school_year,
        g.stage AS stage,
        g.graduates AS graduates,
        g.source_file AS source_file,
        g.source_sheet AS source_sheet,
        g.source_row AS source_row,
        f.pupils + GREATEST(COALESCE(n.pupils, 0), 0) AS possible
    FROM graduates AS g
    INNER JOIN final_grade AS f
        ON f.area_code = g.area_code AND f.school_year = g.school_year - 1 AND f.stage = g.stage
    LEFT JOIN net_in AS n
        ON n.area_code = g.area_code AND n.school_year = g.school_year AND n.stage = g.stage
)
SELECT
    'staging.entrants_graduates' AS table_name,
    c.source_file AS source_file,
    c.source_sheet AS source_sheet,
    c.source_row AS source_row,
    'graduates_prev_summer' AS column_name,
    CAST(c.graduates AS VARCHAR) AS value,
    c.area_code AS area_code,
    CAST(c.school_year AS VARCHAR) AS period,
    CAST(c.possible AS VARCHAR) AS expected,
    c.stage AS detail
FROM compared AS c
WHERE c.graduates > c.possible
