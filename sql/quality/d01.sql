-- D01 本年 k 年级 = 上年 k-1 年级 + 净转入,相差不超过 5 人和 3% 中的大者。
-- A row is one school or county and grade that does not continue last year's lower grade. Judged where the movement
-- return of the same school or county tells the net transfers of that grade (its grade is that of the past year).
WITH pupils AS (
    SELECT COALESCE(e.school_id, e.area_code) AS unit, e.area_code AS area_code, e.school_year AS school_year,
        e.programme AS programme, e.grade AS grade, e.pupils AS pupils, e.source_file AS source_file,
        e.source_sheet AS source_sheet, e.source_row AS source_row
    FROM staging.enrolment_by_grade AS e
    WHERE NOT e.is_total AND e.programme IN ('小学', '初中', '普通高中')
    UNION ALL
    SELECT e.area_code AS unit, e.area_code AS area_code, e.school_year AS school_year,
        e.programme AS programme, e.grade AS grade, e.pupils AS pupils, e.source_file AS source_file,
        e.source_sheet AS source_sheet, e.source_row AS source_row
    FROM staging.enrolment_by_grade AS e
    WHERE NOT e.is_total AND e.programme IN ('小学', '初中', '普通高中') AND e.school_id IS NOT NULL
),
graded AS (
    SELECT p.unit AS unit, p.area_code AS area_code, p.school_year AS school_year, p.programme AS programme,
        p.grade AS grade, CAST(SUM(p.pupils) AS BIGINT) AS pupils, MIN(p.source_file) AS source_file,
        MIN(p.source_sheet) AS source_sheet, CASE WHEN COUNT(*) <= 2 THEN MIN(p.source_row) END AS source_row
    FROM pupils AS p
    GROUP BY p.unit, p.area_code, p.school_year, p.programme, p.grade
),
net_in AS (
    SELECT
        COALESCE(m.school_id, m.area_code) AS unit,
        m.school_year AS school_year,
        m.grade AS grade,
        CAST(SUM(
            m.in_county + m.in_city + m.in_other + m.resumed + m.other_in
            - m.out_county - m.out_city - m.out_other - m.suspended - m.withdrawn - m.died - m.other_out
        ) AS BIGINT) AS pupils
    FROM staging.pupil_movement AS m
    GROUP BY COALESCE(m.school_id, m.area_code), m.school_year, m.grade
),
compared AS (
    SELECT n.unit AS unit, n.area_code AS area_code, n.school_year AS school_year, n.programme AS programme,
        n.grade AS grade, n.pupils AS pupils, b.pupils + m.pupils AS expected, b.pupils AS before,
        n.source_file AS source_file, n.source_sheet AS source_sheet, n.source_row AS source_row
    FROM graded AS n
    INNER JOIN graded AS b
        ON b.unit = n.unit AND b.area_code = n.area_code AND b.programme = n.programme
        AND b.school_year = n.school_year - 1 AND b.grade = n.grade - 1
    INNER JOIN net_in AS m ON m.unit = n.unit AND m.school_year = n.school_year AND m.grade = n.grade - 1
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
    CAST(c.expected AS VARCHAR) AS expected,
    c.unit || ' ' || c.programme || ' ' || CAST(c.grade AS VARCHAR) AS detail
FROM compared AS c
WHERE ABS(c.pupils - c.expected) * 1000000 > CAST($least_micro AS BIGINT)
    AND ABS(c.pupils - c.expected) * 100000000 > c.before * CAST($tolerance_percent_micro AS BIGINT)
