-- 教职工类指标的构成:一行一份报表行,新入职幼儿园教师学历、乡村教师体检。
-- A row is what one row of the staff return adds to an indicator.
-- Numerator and denominator are what this row adds; an indicator is their sum over rows. lacking names what a unit
-- is short of. A row without numbers is a unit that did not say: it counts nowhere and is listed by name.
WITH profile AS (
    SELECT
        p.school_id AS school_id,
        p.school_year AS school_year,
        p.school_name AS school_name,
        p.area_code AS area_code,
        p.is_rural AS is_rural,
        p.is_open AS is_open,
        p.maturity AS maturity
    FROM core.school_profile AS p
),
staff AS (
    SELECT
        t.school_id AS school_id,
        t.school_year AS school_year,
        t.stage AS stage,
        t.full_time_teachers AS full_time_teachers,
        t.new_recruits AS new_recruits,
        t.new_recruits_college AS new_recruits_college,
        t.health_checked AS health_checked,
        t.maturity AS maturity,
        t.source_file AS source_file,
        t.source_sheet AS source_sheet,
        t.source_row AS source_row
    FROM staging.staff AS t
),
final AS (
    SELECT
        'new_kindergarten_teacher_degree' AS indicator_id,
        'recruits' AS variant,
        p.area_code AS area_code,
        'all' AS segment,
        'school_year' AS period_kind,
        t.school_year AS period,
        p.school_id AS unit_id,
        p.school_name AS unit_name,
        CAST(t.new_recruits_college AS BIGINT) AS numerator,
        CAST(t.new_recruits AS BIGINT) AS denominator,
        CASE WHEN t.new_recruits_college < t.new_recruits THEN 'below_college' END AS lacking,
        '按新入职教师' AS basis,
        CASE WHEN t.maturity = 'final' THEN p.maturity ELSE t.maturity END AS maturity,
        t.source_file AS source_file,
        t.source_sheet AS source_sheet,
        t.source_row AS source_row
    FROM staff AS t
    INNER JOIN profile AS p ON p.school_id = t.school_id AND p.school_year = t.school_year
    WHERE t.stage = '学前'
    UNION ALL
    SELECT
        'rural_teacher_health_check' AS indicator_id,
        'teachers' AS variant,
        p.area_code AS area_code,
        'all' AS segment,
        'school_year' AS period_kind,
        t.school_year AS period,
        p.school_id AS unit_id,
        p.school_name AS unit_name,
        CAST(t.health_checked AS BIGINT) AS numerator,
        CAST(t.full_time_teachers AS BIGINT) AS denominator,
        CASE WHEN t.health_checked < t.full_time_teachers THEN 'not_checked' END AS lacking,
        '按乡村学校专任教师' AS basis,
        CASE WHEN t.maturity = 'final' THEN p.maturity ELSE t.maturity END AS maturity,
        t.source_file AS source_file,
        t.source_sheet AS source_sheet,
        t.source_row AS source_row
    FROM staff AS t
    INNER JOIN profile AS p ON p.school_id = t.school_id AND p.school_year = t.school_year
    WHERE p.is_open AND p.is_rural
)
SELECT
    f.indicator_id AS indicator_id,
    f.variant AS variant,
    f.area_code AS area_code,
    f.segment AS segment,
    f.period_kind AS period_kind,
    f.period AS period,
    f.unit_id AS unit_id,
    f.unit_name AS unit_name,
    f.numerator AS numerator,
    f.denominator AS denominator,
    f.lacking AS lacking,
    f.basis AS basis,
    f.maturity AS maturity,
    f.source_file AS source_file,
    f.source_sheet AS source_sheet,
    f.source_row AS source_row
FROM final AS f
