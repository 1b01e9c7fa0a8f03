-- 认定类指标的构成:一行一条认定,年末有效的特色学校和工作室。
-- A row is what one entry of the register of recognitions adds to an indicator: 1 where it is of the kind asked for, was
-- given and not withdrawn by 31 December of the year, and its school is open; a school with two entries counts once,
-- studios count each. The register is the whole list of its year, so a kind that is not in it is 0 in the units it names.
-- Studios of the county level do not count.
-- Numerator and denominator are what this row adds; an indicator is their sum over rows. lacking names what a unit
-- is short of. A row without numbers is a unit that did not say: it counts nowhere and is listed by name.
WITH kind AS (
    SELECT
        'football_schools' AS indicator_id,
        '足球特色学校' AS label,
        CAST(NULL AS VARCHAR) AS level,
        CAST(NULL AS VARCHAR) AS stage,
        'school' AS counted
    UNION ALL
    SELECT
        'olympic_demo_schools' AS indicator_id,
        '奥林匹克教育示范学校' AS label,
        '教育部' AS level,
        CAST(NULL AS VARCHAR) AS stage,
        'school' AS counted
    UNION ALL
    SELECT
        'moe_ice_snow_schools' AS indicator_id,
        '冰雪运动特色学校' AS label,
        '教育部' AS level,
        CAST(NULL AS VARCHAR) AS stage,
        'school' AS counted
    UNION ALL
    SELECT
        'municipal_ice_snow_schools' AS indicator_id,
        '冰雪运动特色学校' AS label,
        '市' AS level,
        CAST(NULL AS VARCHAR) AS stage,
        'school' AS counted
    UNION ALL
    SELECT
        'master_studios_primary' AS indicator_id,
        '名师工作室' AS label,
        CAST(NULL AS VARCHAR) AS level,
        '小学' AS stage,
        'studio' AS counted
    UNION ALL
    SELECT
        'master_studios_junior' AS indicator_id,
        '名师工作室' AS label,
        CAST(NULL AS VARCHAR) AS level,
        '初中' AS stage,
        'studio' AS counted
    UNION ALL
    SELECT
        'master_studios_senior' AS indicator_id,
        '名师工作室' AS label,
        CAST(NULL AS VARCHAR) AS level,
        '高中' AS stage,
        'studio' AS counted
),
register AS (
    SELECT
        r.school_id AS school_id,
        r.label AS label,
        r.level AS level,
        r.stage AS stage,
        r.date_from AS date_from,
        r.date_to AS date_to,
        r.document_no AS document_no,
        r.period AS period,
        r.maturity AS maturity,
        r.source_file AS source_file,
        r.source_sheet AS source_sheet,
        r.source_row AS source_row
    FROM staging.feature_school_register AS r
),
profile AS (
    SELECT
        p.school_id AS school_id,
        p.school_year AS school_year,
        p.school_name AS school_name,
        p.area_code AS area_code,
        p.is_open AS is_open,
        p.maturity AS maturity
    FROM core.school_profile AS p
),
entry AS (
    SELECT
        k.indicator_id AS indicator_id,
        k.counted AS counted,
        r.school_id AS school_id,
        r.document_no AS document_no,
        r.date_from AS date_from,
        r.period AS period,
        p.school_name AS school_name,
        p.area_code AS area_code,
        COALESCE(
            k.label = r.label
            AND (k.level IS NULL OR k.level = r.level)
            AND (k.stage IS NULL OR k.stage = r.stage)
            AND (k.counted = 'school' OR r.level <> '县'),
            FALSE
        ) AS is_asked,
        r.date_from <= CAST(CAST(r.period AS VARCHAR) || '-12-31' AS DATE)
            AND (r.date_to IS NULL OR r.date_to > CAST(CAST(r.period AS VARCHAR) || '-12-31' AS DATE)) AS is_valid,
        p.is_open AS is_open,
        CASE WHEN r.maturity = 'final' THEN p.maturity ELSE r.maturity END AS maturity,
        r.source_file AS source_file,
        r.source_sheet AS source_sheet,
        r.source_row AS source_row
    FROM register AS r
    INNER JOIN profile AS p ON p.school_id = r.school_id AND p.school_year = r.period
    CROSS JOIN kind AS k
),
ranked AS (
    SELECT
        e.indicator_id AS indicator_id,
        e.counted AS counted,
        e.school_id AS school_id,
        e.school_name AS school_name,
        e.area_code AS area_code,
        e.period AS period,
        e.is_asked AS is_asked,
        e.is_valid AS is_valid,
        e.is_open AS is_open,
        e.maturity AS maturity,
        e.source_file AS source_file,
        e.source_sheet AS source_sheet,
        e.source_row AS source_row,
        ROW_NUMBER() OVER (
            PARTITION BY e.indicator_id, e.school_id, e.period
            ORDER BY
                CASE WHEN e.is_asked AND e.is_valid AND e.is_open THEN 0 ELSE 1 END,
                e.date_from,
                e.document_no,
                e.source_file,
                e.source_sheet,
                e.source_row
        ) AS place
    FROM entry AS e
),
final AS (
    SELECT
        e.indicator_id AS indicator_id,
        'valid' AS variant,
        e.area_code AS area_code,
        'all' AS segment,
        'school_year' AS period_kind,
        e.period AS period,
        e.school_id AS unit_id,
        e.school_name AS unit_name,
        CAST(CASE WHEN e.is_asked AND e.is_valid AND e.is_open AND (e.counted = 'studio' OR e.place = 1) THEN 1 ELSE 0 END AS BIGINT) AS numerator,
        CAST(NULL AS BIGINT) AS denominator,
        CASE WHEN e.is_asked AND NOT e.is_open THEN 'closed' WHEN e.is_asked AND NOT e.is_valid THEN 'withdrawn' END AS lacking,
        '12月31日有效' AS basis,
        e.maturity AS maturity,
        e.source_file AS source_file,
        e.source_sheet AS source_sheet,
        e.source_row AS source_row
    FROM ranked AS e
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
