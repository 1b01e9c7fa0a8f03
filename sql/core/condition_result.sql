-- 中等职业学校办学条件的构成:一行一份报表行,占地、校舍、设备、图书、专任教师。
-- A row is what one row of the facilities, staff or enrolment return of a vocational school adds, conditions in hundredths.
-- Schools that also teach regular senior high pupils are left out: their conditions cannot be divided.
-- Numerator and denominator are what this row adds; an indicator is their sum over rows. lacking names what a unit
-- is short of. A row without numbers is a unit that did not say: it counts nowhere and is listed by name.
WITH profile AS (
    SELECT
        p.school_id AS school_id,
        p.school_year AS school_year,
        p.school_name AS school_name,
        p.area_code AS area_code,
        p.is_open AS is_open,
        p.senior_pupils AS senior_pupils,
        p.vocational_pupils AS vocational_pupils,
        p.maturity AS maturity
    FROM core.school_profile AS p
),
measure AS (
    SELECT
        'land' AS segment
    UNION ALL
    SELECT
        'floor' AS segment
    UNION ALL
    SELECT
        'equipment' AS segment
    UNION ALL
    SELECT
        'books' AS segment
),
facility AS (
    SELECT
        f.school_id AS school_id,
        f.school_year AS school_year,
        f.land_m2 AS land_m2,
        f.floor_m2 AS floor_m2,
        f.equipment_yuan AS equipment_yuan,
        f.books AS books,
        f.maturity AS maturity,
        f.source_file AS source_file,
        f.source_sheet AS source_sheet,
        f.source_row AS source_row
    FROM staging.facilities AS f
),
staff AS (
    SELECT
        t.school_id AS school_id,
        t.school_year AS school_year,
        t.full_time_teachers AS full_time_teachers,
        t.maturity AS maturity,
        t.source_file AS source_file,
        t.source_sheet AS source_sheet,
        t.source_row AS source_row
    FROM staging.staff AS t
    WHERE t.stage = '中职'
),
pupils AS (
    SELECT
        e.school_id AS school_id,
        e.school_year AS school_year,
        e.pupils AS pupils,
        e.maturity AS maturity,
        e.source_file AS source_file,
        e.source_sheet AS source_sheet,
        e.source_row AS source_row
    FROM staging.enrolment_by_grade AS e
    WHERE NOT e.is_total AND e.programme IN ('中专', '职高', '成人中专', '附设中职', '五年制前三年')
),
final AS (
    SELECT
        'vocational_conditions_vs_province' AS indicator_id,
        'computed' AS variant,
        p.area_code AS area_code,
        'land' AS segment,
        'school_year' AS period_kind,
        f.school_year AS period,
        p.school_id AS unit_id,
        p.school_name AS unit_name,
        CAST(f.land_m2 * 100 AS BIGINT) AS numerator,
        CAST(NULL AS BIGINT) AS denominator,
        CAST(NULL AS VARCHAR) AS lacking,
        '中等职业学校生均' AS basis,
        CASE WHEN f.maturity = 'final' THEN p.maturity ELSE f.maturity END AS maturity,
        f.source_file AS source_file,
        f.source_sheet AS source_sheet,
        f.source_row AS source_row
    FROM facility AS f
    INNER JOIN profile AS p ON p.school_id = f.school_id AND p.school_year = f.school_year
    WHERE p.is_open AND p.vocational_pupils > 0 AND p.senior_pupils = 0
    UNION ALL
    SELECT
        'vocational_conditions_vs_province' AS indicator_id,
        'computed' AS variant,
        p.area_code AS area_code,
        'floor' AS segment,
        'school_year' AS period_kind,
        f.school_year AS period,
        p.school_id AS unit_id,
        p.school_name AS unit_name,
        CAST(f.floor_m2 * 100 AS BIGINT) AS numerator,
        CAST(NULL AS BIGINT) AS denominator,
        CAST(NULL AS VARCHAR) AS lacking,
        '中等职业学校生均' AS basis,
        CASE WHEN f.maturity = 'final' THEN p.maturity ELSE f.maturity END AS maturity,
        f.source_file AS source_file,
        f.source_sheet AS source_sheet,
        f.source_row AS source_row
    FROM facility AS f
    INNER JOIN profile AS p ON p.school_id = f.school_id AND p.school_year = f.school_year
    WHERE p.is_open AND p.vocational_pupils > 0 AND p.senior_pupils = 0
    UNION ALL
    SELECT
        'vocational_conditions_vs_province' AS indicator_id,
        'computed' AS variant,
        p.area_code AS area_code,
        'equipment' AS segment,
        'school_year' AS period_kind,
        f.school_year AS period,
        p.school_id AS unit_id,
        p.school_name AS unit_name,
        CAST(f.equipment_yuan * 100 AS BIGINT) AS numerator,
        CAST(NULL AS BIGINT) AS denominator,
        CAST(NULL AS VARCHAR) AS lacking,
        '中等职业学校生均' AS basis,
        CASE WHEN f.maturity = 'final' THEN p.maturity ELSE f.maturity END AS maturity,
        f.source_file AS source_file,
        f.source_sheet AS source_sheet,
        f.source_row AS source_row
    FROM facility AS f
    INNER JOIN profile AS p ON p.school_id = f.school_id AND p.school_year = f.school_year
    WHERE p.is_open AND p.vocational_pupils > 0 AND p.senior_pupils = 0
    UNION ALL
    SELECT
        'vocational_conditions_vs_province' AS indicator_id,
        'computed' AS variant,
        p.area_code AS area_code,
        'books' AS segment,
        'school_year' AS period_kind,
        f.school_year AS period,
        p.school_id AS unit_id,
        p.school_name AS unit_name,
        CAST(f.books * 100 AS BIGINT) AS numerator,
        CAST(NULL AS BIGINT) AS denominator,
        CAST(NULL AS VARCHAR) AS lacking,
        '中等职业学校生均' AS basis,
        CASE WHEN f.maturity = 'final' THEN p.maturity ELSE f.maturity END AS maturity,
        f.source_file AS source_file,
        f.source_sheet AS source_sheet,
        f.source_row AS source_row
    FROM facility AS f
    INNER JOIN profile AS p ON p.school_id = f.school_id AND p.school_year = f.school_year
    WHERE p.is_open AND p.vocational_pupils > 0 AND p.senior_pupils = 0
    UNION ALL
    SELECT
        'vocational_conditions_vs_province' AS indicator_id,
        'computed' AS variant,
        p.area_code AS area_code,
        m.segment AS segment,
        'school_year' AS period_kind,
        e.school_year AS period,
        p.school_id AS unit_id,
        p.school_name AS unit_name,
        CAST(NULL AS BIGINT) AS numerator,
        CAST(e.pupils AS BIGINT) AS denominator,
        CAST(NULL AS VARCHAR) AS lacking,
        '中等职业学校生均' AS basis,
        CASE WHEN e.maturity = 'final' THEN p.maturity ELSE e.maturity END AS maturity,
        e.source_file AS source_file,
        e.source_sheet AS source_sheet,
        e.source_row AS source_row
    FROM pupils AS e
    INNER JOIN profile AS p ON p.school_id = e.school_id AND p.school_year = e.school_year
    INNER JOIN facility AS f ON f.school_id = e.school_id AND f.school_year = e.school_year
    CROSS JOIN measure AS m
    WHERE p.is_open AND p.vocational_pupils > 0 AND p.senior_pupils = 0
    UNION ALL
    SELECT
        'vocational_conditions_vs_province' AS indicator_id,
        'computed' AS variant,
        p.area_code AS area_code,
        'teachers' AS segment,
        'school_year' AS period_kind,
        t.school_year AS period,
        p.school_id AS unit_id,
        p.school_name AS unit_name,
        CAST(t.full_time_teachers * 100 AS BIGINT) AS numerator,
        CAST(NULL AS BIGINT) AS denominator,
        CAST(NULL AS VARCHAR) AS lacking,
        '中等职业学校生均' AS basis,
        CASE WHEN t.maturity = 'final' THEN p.maturity ELSE t.maturity END AS maturity,
        t.source_file AS source_file,
        t.source_sheet AS source_sheet,
        t.source_row AS source_row
    FROM staff AS t
    INNER JOIN profile AS p ON p.school_id = t.school_id AND p.school_year = t.school_year
    WHERE p.is_open AND p.vocational_pupils > 0 AND p.senior_pupils = 0
    UNION ALL
    SELECT
        'vocational_conditions_vs_province' AS indicator_id,
        'computed' AS variant,
        p.area_code AS area_code,
        'teachers' AS segment,
        'school_year' AS period_kind,
        e.school_year AS period,
        p.school_id AS unit_id,
        p.school_name AS unit_name,
        CAST(NULL AS BIGINT) AS numerator,
        CAST(e.pupils AS BIGINT) AS denominator,
        CAST(NULL AS VARCHAR) AS lacking,
        '中等职业学校生均' AS basis,
        CASE WHEN e.maturity = 'final' THEN p.maturity ELSE e.maturity END AS maturity,
        e.source_file AS source_file,
        e.source_sheet AS source_sheet,
        e.source_row AS source_row
    FROM pupils AS e
    INNER JOIN profile AS p ON p.school_id = e.school_id AND p.school_year = e.school_year
    INNER JOIN staff AS t ON t.school_id = e.school_id AND t.school_year = e.school_year
    WHERE p.is_open AND p.vocational_pupils > 0 AND p.senior_pupils = 0
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
