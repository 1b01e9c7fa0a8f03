-- 抽查类指标的构成:一行一校一次抽查,体育活动、作业、艺术、劳动课、云平台。
-- A row is what one school's sample adds to an indicator. The denominator is the sample: pupils asked, or schools visited.
-- Minutes are in hundredths times pupils asked. The samples of homework are of a whole school, not of a grade: primary
-- schools stand for grades 3 to 6, junior secondary schools for grades 7 to 9; schools with both stages are left out.
-- A school complies with what the plan promises (raw.commitment); without a promise there is no such figure.
-- Numerator and denominator are what this row adds; an indicator is their sum over rows. lacking names what a unit
-- is short of. A row without numbers is a unit that did not say: it counts nowhere and is listed by name.
WITH promise AS (
    SELECT
        c.indicator_id AS indicator_id,
        c.direction_sign AS direction_sign,
        c.target_micro AS target_micro
    FROM raw.commitment AS c
    WHERE c.target_micro IS NOT NULL
),
profile AS (
    SELECT
        p.school_id AS school_id,
        p.school_year AS school_year,
        p.school_name AS school_name,
        p.school_type AS school_type,
        p.area_code AS area_code,
        p.maturity AS maturity
    FROM core.school_profile AS p
),
survey AS (
    SELECT
        s.school_id AS school_id,
        s.school_year AS school_year,
        s.item AS item,
        s.sample_n AS sample_n,
        s.compliant_n AS compliant_n,
        s.result AS result,
        s.maturity AS maturity,
        s.source_file AS source_file,
        s.source_sheet AS source_sheet,
        s.source_row AS source_row
    FROM staging.compliance_survey AS s
    WHERE s.sample_n > 0
),
final AS (
    SELECT
        'daily_exercise_hour' AS indicator_id,
        'complying' AS variant,
        p.area_code AS area_code,
        'all' AS segment,
        'school_year' AS period_kind,
        s.school_year AS period,
        p.school_id AS unit_id,
        p.school_name AS unit_name,
        CAST(CASE WHEN c.direction_sign * (s.result * 1000000 - c.target_micro) >= 0 THEN 1 ELSE 0 END AS BIGINT) AS numerator,
        CAST(1 AS BIGINT) AS denominator,
        CAST(NULL AS VARCHAR) AS lacking,
        '抽查学校' AS basis,
        CASE WHEN s.maturity = 'final' THEN p.maturity ELSE s.maturity END AS maturity,
        s.source_file AS source_file,
        s.source_sheet AS source_sheet,
        s.source_row AS source_row
    FROM survey AS s
    INNER JOIN profile AS p ON p.school_id = s.school_id AND p.school_year = s.school_year
    INNER JOIN promise AS c ON c.indicator_id = 'daily_exercise_hour'
    WHERE s.item = '体育活动分钟'
    UNION ALL
    SELECT
        'homework_g3_6_60' AS indicator_id,
        'complying' AS variant,
        p.area_code AS area_code,
        'all' AS segment,
        'school_year' AS period_kind,
        s.school_year AS period,
        p.school_id AS unit_id,
        p.school_name AS unit_name,
        CAST(CASE WHEN c.direction_sign * (s.result * 1000000 - c.target_micro) >= 0 THEN 1 ELSE 0 END AS BIGINT) AS numerator,
        CAST(1 AS BIGINT) AS denominator,
        CAST(NULL AS VARCHAR) AS lacking,
        '抽查学校' AS basis,
        CASE WHEN s.maturity = 'final' THEN p.maturity ELSE s.maturity END AS maturity,
        s.source_file AS source_file,
        s.source_sheet AS source_sheet,
        s.source_row AS source_row
    FROM survey AS s
    INNER JOIN profile AS p ON p.school_id = s.school_id AND p.school_year = s.school_year
    INNER JOIN promise AS c ON c.indicator_id = 'homework_g3_6_60'
    WHERE s.item = '作业分钟' AND SUBSTR(p.school_type, 1, 1) = '2'
    UNION ALL
    SELECT
        'homework_g7_9_90' AS indicator_id,
        'complying' AS variant,
        p.area_code AS area_code,
        'all' AS segment,
        'school_year' AS period_kind,
        s.school_year AS period,
        p.school_id AS unit_id,
        p.school_name AS unit_name,
        CAST(CASE WHEN c.direction_sign * (s.result * 1000000 - c.target_micro) >= 0 THEN 1 ELSE 0 END AS BIGINT) AS numerator,
        CAST(1 AS BIGINT) AS denominator,
        CAST(NULL AS VARCHAR) AS lacking,
        '抽查学校' AS basis,
        CASE WHEN s.maturity = 'final' THEN p.maturity ELSE s.maturity END AS maturity,
        s.source_file AS source_file,
        s.source_sheet AS source_sheet,
        s.source_row AS source_row
    FROM survey AS s
    INNER JOIN profile AS p ON p.school_id = s.school_id AND p.school_year = s.school_year
    INNER JOIN promise AS c ON c.indicator_id = 'homework_g7_9_90'
    WHERE s.item = '作业分钟' AND p.school_type = '311'
    UNION ALL
    SELECT
        'daily_exercise_hour' AS indicator_id,
        'mean' AS variant,
        p.area_code AS area_code,
        'all' AS segment,
        'school_year' AS period_kind,
        s.school_year AS period,
        p.school_id AS unit_id,
        p.school_name AS unit_name,
        CAST(s.result * 100 * s.sample_n AS BIGINT) AS numerator,
        CAST(s.sample_n AS BIGINT) AS denominator,
        CAST(NULL AS VARCHAR) AS lacking,
        '抽查' AS basis,
        CASE WHEN s.maturity = 'final' THEN p.maturity ELSE s.maturity END AS maturity,
        s.source_file AS source_file,
        s.source_sheet AS source_sheet,
        s.source_row AS source_row
    FROM survey AS s
    INNER JOIN profile AS p ON p.school_id = s.school_id AND p.school_year = s.school_year
    WHERE s.item = '体育活动分钟'
    UNION ALL
    SELECT
        'homework_g3_6_60' AS indicator_id,
        'mean' AS variant,
        p.area_code AS area_code,
        'all' AS segment,
        'school_year' AS period_kind,
        s.school_year AS period,
        p.school_id AS unit_id,
        p.school_name AS unit_name,
        CAST(s.result * 100 * s.sample_n AS BIGINT) AS numerator,
        CAST(s.sample_n AS BIGINT) AS denominator,
        CAST(NULL AS VARCHAR) AS lacking,
        '抽查' AS basis,
        CASE WHEN s.maturity = 'final' THEN p.maturity ELSE s.maturity END AS maturity,
        s.source_file AS source_file,
        s.source_sheet AS source_sheet,
        s.source_row AS source_row
    FROM survey AS s
    INNER JOIN profile AS p ON p.school_id = s.school_id AND p.school_year = s.school_year
    WHERE s.item = '作业分钟' AND SUBSTR(p.school_type, 1, 1) = '2'
    UNION ALL
    SELECT
        'homework_g7_9_90' AS indicator_id,
        'mean' AS variant,
        p.area_code AS area_code,
        'all' AS segment,
        'school_year' AS period_kind,
        s.school_year AS period,
        p.school_id AS unit_id,
        p.school_name AS unit_name,
        CAST(s.result * 100 * s.sample_n AS BIGINT) AS numerator,
        CAST(s.sample_n AS BIGINT) AS denominator,
        CAST(NULL AS VARCHAR) AS lacking,
        '抽查' AS basis,
        CASE WHEN s.maturity = 'final' THEN p.maturity ELSE s.maturity END AS maturity,
        s.source_file AS source_file,
        s.source_sheet AS source_sheet,
        s.source_row AS source_row
    FROM survey AS s
    INNER JOIN profile AS p ON p.school_id = s.school_id AND p.school_year = s.school_year
    WHERE s.item = '作业分钟' AND p.school_type = '311'
    UNION ALL
    SELECT
        'student_art_skill' AS indicator_id,
        'sample' AS variant,
        p.area_code AS area_code,
        'all' AS segment,
        'school_year' AS period_kind,
        s.school_year AS period,
        p.school_id AS unit_id,
        p.school_name AS unit_name,
        CAST(s.compliant_n AS BIGINT) AS numerator,
        CAST(CASE WHEN s.compliant_n IS NOT NULL THEN s.sample_n END AS BIGINT) AS denominator,
        CASE WHEN s.compliant_n IS NULL THEN 'compliant_blank' WHEN s.compliant_n < s.sample_n THEN 'without_skill' END AS lacking,
        '抽查' AS basis,
        CASE WHEN s.maturity = 'final' THEN p.maturity ELSE s.maturity END AS maturity,
        s.source_file AS source_file,
        s.source_sheet AS source_sheet,
        s.source_row AS source_row
    FROM survey AS s
    INNER JOIN profile AS p ON p.school_id = s.school_id AND p.school_year = s.school_year
    WHERE s.item = '艺术' AND s.sample_n > 0
    UNION ALL
    SELECT
        'education_cloud_sharing' AS indicator_id,
        'sample' AS variant,
        p.area_code AS area_code,
        'all' AS segment,
        'school_year' AS period_kind,
        s.school_year AS period,
        p.school_id AS unit_id,
        p.school_name AS unit_name,
        CAST(s.compliant_n AS BIGINT) AS numerator,
        CAST(CASE WHEN s.compliant_n IS NOT NULL THEN s.sample_n END AS BIGINT) AS denominator,
        CASE WHEN s.compliant_n IS NULL THEN 'compliant_blank' WHEN s.compliant_n < s.sample_n THEN 'not_using' END AS lacking,
        '抽查' AS basis,
        CASE WHEN s.maturity = 'final' THEN p.maturity ELSE s.maturity END AS maturity,
        s.source_file AS source_file,
        s.source_sheet AS source_sheet,
        s.source_row AS source_row
    FROM survey AS s
    INNER JOIN profile AS p ON p.school_id = s.school_id AND p.school_year = s.school_year
    WHERE s.item = '云平台' AND s.sample_n > 0
    UNION ALL
    SELECT
        'labour_course_coverage' AS indicator_id,
        'schools' AS variant,
        p.area_code AS area_code,
        'all' AS segment,
        'school_year' AS period_kind,
        s.school_year AS period,
        p.school_id AS unit_id,
        p.school_name AS unit_name,
        CAST(CASE WHEN s.result > 0 THEN 1 ELSE 0 END AS BIGINT) AS numerator,
        CAST(1 AS BIGINT) AS denominator,
        CASE WHEN s.result = 0 THEN 'no_course' END AS lacking,
        '抽查学校' AS basis,
        CASE WHEN s.maturity = 'final' THEN p.maturity ELSE s.maturity END AS maturity,
        s.source_file AS source_file,
        s.source_sheet AS source_sheet,
        s.source_row AS source_row
    FROM survey AS s
    INNER JOIN profile AS p ON p.school_id = s.school_id AND p.school_year = s.school_year
    WHERE s.item = '劳动课'
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
