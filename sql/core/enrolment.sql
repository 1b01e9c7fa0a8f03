-- 在校生:一行一县、经费级次、公民办、学年、类别、年级。
-- A row is the pupils of one unit and paying budget by programme and grade; schools only (no early county counts).
-- 高中阶段 = 普通高中、成人高中、中等职业学校 (national bulletin).
WITH pupils AS (
    SELECT
        e.school_id AS school_id,
        e.school_year AS school_year,
        e.programme AS programme,
        e.grade AS grade,
        e.pupils AS pupils
    FROM staging.enrolment_by_grade AS e
    WHERE NOT e.is_total AND e.school_id IS NOT NULL
),
schools AS (
    SELECT
        s.school_id AS school_id,
        s.school_year AS school_year,
        s.area_code AS area_code,
        s.payer_code AS payer_code,
        s.is_public AS is_public
    FROM core.school AS s
)
SELECT
    s.area_code AS area_code,
    s.payer_code AS payer_code,
    s.is_public AS is_public,
    p.school_year AS school_year,
    p.programme AS programme,
    CASE
        WHEN p.programme = '小学' THEN 'primary'
        WHEN p.programme = '初中' THEN 'junior'
        ELSE 'upper_secondary'
    END AS stage,
    p.grade AS grade,
    CAST(SUM(p.pupils) AS BIGINT) AS pupils
FROM pupils AS p
INNER JOIN schools AS s ON s.school_id = p.school_id AND s.school_year = p.school_year
GROUP BY s.area_code, s.payer_code, s.is_public, p.school_year, p.programme, p.grade
