-- C02 年级与办学类型、学段类别相符。
-- A row is one school, programme and grade with pupils that the school type does not offer, or a grade
-- outside its programme (variant programme); the place is its first row.
-- 办学类型: 111/119 幼儿园, 21x 小学, 311/319 初中, 312 九年一贯制, 341 完全中学, 342/349 高中,
-- 345 十二年一贯制, 36x 中等职业. Other types (special, adult schools) are not limited.
WITH register AS (
    SELECT
        s.school_id AS school_id,
        s.school_year AS school_year,
        MIN(s.school_type) AS school_type
    FROM staging.school_register AS s
    GROUP BY s.school_id, s.school_year
),
pupils AS (
    SELECT
        e.school_id AS school_id,
        e.county_code AS county_code,
        e.school_year AS school_year,
        e.programme AS programme,
        e.grade AS grade,
        e.area_code AS area_code,
        e.source_file AS source_file,
        e.source_sheet AS source_sheet,
        e.source_row AS source_row,
        r.school_type AS school_type,
        CASE
            WHEN SUBSTR(r.school_type, 1, 1) = '1' THEN 99
            WHEN SUBSTR(r.school_type, 1, 2) = '21' THEN 1
            WHEN r.school_type IN ('311', '319') THEN 7
            WHEN r.school_type = '312' THEN 1
            WHEN r.school_type = '341' THEN 7
            WHEN r.school_type IN ('342', '349') THEN 10
            WHEN r.school_type = '345' THEN 1
            WHEN SUBSTR(r.school_type, 1, 2) = '36' THEN 10
            ELSE 1
        END AS first_grade,
        CASE
            WHEN SUBSTR(r.school_type, 1, 1) = '1' THEN 0
            WHEN SUBSTR(r.school_type, 1, 2) = '21' THEN 6
            WHEN r.school_type IN ('311', '319') THEN 9
            WHEN r.school_type = '312' THEN 9
            WHEN r.school_type IN ('341', '342', '345', '349') THEN 12
            ELSE 13
        END AS last_grade,
        CASE WHEN e.programme = '小学' THEN 1 WHEN e.programme = '初中' THEN 7 ELSE 10 END AS programme_first,
        CASE WHEN e.programme = '小学' THEN 6 WHEN e.programme = '初中' THEN 9 ELSE 13 END AS programme_last
    FROM staging.enrolment_by_grade AS e
    LEFT JOIN register AS r ON r.school_id = e.school_id AND r.school_year = e.school_year
    WHERE NOT e.is_total AND e.pupils > 0
),
told AS (
    SELECT
        p.school_id AS school_id,
        p.county_code AS county_code,
        p.school_year AS school_year,
        p.programme AS programme,
        p.grade AS grade,
        p.area_code AS area_code,
        p.source_file AS source_file,
        p.source_sheet AS source_sheet,
        p.source_row AS source_row,
        p.school_type AS school_type,
        p.first_grade AS first_grade,
        p.last_grade AS last_grade,
        p.programme_first AS programme_first,
        p.programme_last AS programme_last,
        CASE WHEN p.grade BETWEEN p.first_grade AND p.last_grade THEN 'programme' ELSE '' END AS variant,
        ROW_NUMBER() OVER (
            PARTITION BY COALESCE(p.school_id, p.county_code), p.school_year, p.programme, p.grade
            ORDER BY p.source_file, p.source_sheet, p.source_row
        ) AS place
    FROM pupils AS p
    WHERE (p.grade < p.first_grade
            OR p.grade > p.last_grade
            OR p.grade < p.programme_first
            OR p.grade > p.programme_last)
        -- a fourth year of junior school, at a school that has junior classes, is told by B14
        AND NOT (p.programme = '初中' AND p.grade IN (6, 10) AND p.first_grade <= 7 AND p.last_grade >= 9)
)
SELECT
    'staging.enrolment_by_grade' AS table_name,
    t.source_file AS source_file,
    t.source_sheet AS source_sheet,
    t.source_row AS source_row,
    'grade' AS column_name,
    CAST(t.grade AS VARCHAR) AS value,
    t.area_code AS area_code,
    CAST(t.school_year AS VARCHAR) AS period,
    CASE
        WHEN t.variant = 'programme'
            THEN CAST(t.programme_first AS VARCHAR) || '-' || CAST(t.programme_last AS VARCHAR)
        WHEN t.first_grade > t.last_grade THEN '-'
        ELSE CAST(t.first_grade AS VARCHAR) || '-' || CAST(t.last_grade AS VARCHAR)
    END AS expected,
    CASE
        WHEN t.variant = 'programme' THEN t.programme
        ELSE t.school_id || ' (' || t.school_type || ')'
    END AS detail,
    t.variant AS variant
FROM told AS t
WHERE t.place = 1
