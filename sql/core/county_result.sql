-- 县(区)类指标的构成:一行一份报表行,残疾儿童入学、老年教育、学前服务区、统一招生。
-- A row is what one row of a county's return adds to an indicator.
-- Numerator and denominator are what this row adds; an indicator is their sum over rows. lacking names what a unit
-- is short of. A row without numbers is a unit that did not say: it counts nowhere and is listed by name.
-- A county that filed nothing has no row. Villages and communities are the last three digits of the statistical area code:
-- 001-199 communities (居委会), 200 and above villages (村委会). Admissions by school take the place of county counts; in
-- years in which anybody said how many came over the platform, whoever left it blank did not say, and is listed.
WITH area AS (
    SELECT
        a.area_code AS area_code,
        a.name_zh AS name_zh,
        a.assessed AS assessed
    FROM core.area AS a
),
ledger AS (
    SELECT
        d.area_code AS area_code,
        d.school_year AS school_year,
        d.ledger AS ledger,
        d.enrolled AS enrolled,
        d.maturity AS maturity,
        d.source_file AS source_file,
        d.source_sheet AS source_sheet,
        d.source_row AS source_row
    FROM staging.disabled_children_ledger AS d
),
elderly AS (
    SELECT
        o.area_code AS area_code,
        o.calendar_year AS calendar_year,
        o.level AS level,
        o.units AS units,
        o.with_institution AS with_institution,
        o.universities AS universities,
        o.maturity AS maturity,
        o.source_file AS source_file,
        o.source_sheet AS source_sheet,
        o.source_row AS source_row
    FROM staging.elderly_education AS o
),
village AS (
    SELECT
        v.village_code12 AS village_code12,
        v.area_code AS area_code,
        v.school_year AS school_year,
        v.children_3_5 AS children_3_5,
        v.served_by_school_id AS served_by_school_id,
        v.maturity AS maturity,
        v.source_file AS source_file,
        v.source_sheet AS source_sheet,
        v.source_row AS source_row
    FROM staging.preschool_service_area AS v
),
admission AS (
    SELECT
        g.school_id AS school_id,
        g.area_code AS area_code,
        g.school_year AS school_year,
        g.entrants AS entrants,
        g.platform_admissions AS platform_admissions,
        g.maturity AS maturity,
        g.source_file AS source_file,
        g.source_sheet AS source_sheet,
        g.source_row AS source_row
    FROM staging.entrants_graduates AS g
    WHERE g.stage = '普通高中'
),
admission_by_school AS (
    SELECT
        g.school_year AS school_year
    FROM admission AS g
    WHERE g.school_id IS NOT NULL
    GROUP BY g.school_year
),
platform_year AS (
    SELECT
        g.school_year AS school_year
    FROM admission AS g
    WHERE g.platform_admissions IS NOT NULL
    GROUP BY g.school_year
),
name AS (
    SELECT
        n.school_id AS school_id,
        n.school_year AS school_year,
        n.school_name AS school_name
    FROM core.school_profile AS n
),
final AS (
    SELECT
        'disabled_children_enrolment' AS indicator_id,
        'ledger' AS variant,
        d.area_code AS area_code,
        'all' AS segment,
        'school_year' AS period_kind,
        d.school_year AS period,
        d.area_code AS unit_id,
        a.name_zh AS unit_name,
        CAST(d.enrolled AS BIGINT) AS numerator,
        CAST(d.ledger AS BIGINT) AS denominator,
        CASE WHEN d.enrolled < d.ledger THEN 'not_enrolled' END AS lacking,
        '按适龄残疾儿童台账' AS basis,
        d.maturity AS maturity,
        d.source_file AS source_file,
        d.source_sheet AS source_sheet,
        d.source_row AS source_row
    FROM ledger AS d
    INNER JOIN area AS a ON a.area_code = d.area_code
    UNION ALL
    SELECT
        'county_senior_university' AS indicator_id,
        'counties' AS variant,
        o.area_code AS area_code,
        'all' AS segment,
        'calendar_year' AS period_kind,
        o.calendar_year AS period,
        o.area_code AS unit_id,
        a.name_zh AS unit_name,
        CAST(CASE WHEN o.universities > 0 THEN 1 ELSE 0 END AS BIGINT) AS numerator,
        CAST(1 AS BIGINT) AS denominator,
        CASE WHEN o.universities = 0 THEN 'no_university' END AS lacking,
        '按县(区)' AS basis,
        o.maturity AS maturity,
        o.source_file AS source_file,
        o.source_sheet AS source_sheet,
        o.source_row AS source_row
    FROM elderly AS o
    INNER JOIN area AS a ON a.area_code = o.area_code
    WHERE o.level = '县' AND a.assessed
    UNION ALL
    SELECT
        'elderly_education_institutions' AS indicator_id,
        'all' AS variant,
        o.area_code AS area_code,
        'all' AS segment,
        'calendar_year' AS period_kind,
        o.calendar_year AS period,
        o.area_code AS unit_id,
        a.name_zh AS unit_name,
        CAST(o.with_institution AS BIGINT) AS numerator,
        CAST(o.units AS BIGINT) AS denominator,
        CASE WHEN o.with_institution < o.units THEN 'no_institution' END AS lacking,
        '四级合计' AS basis,
        o.maturity AS maturity,
        o.source_file AS source_file,
        o.source_sheet AS source_sheet,
        o.source_row AS source_row
    FROM elderly AS o
    INNER JOIN area AS a ON a.area_code = o.area_code
    UNION ALL
    SELECT
        'elderly_education_institutions' AS indicator_id,
        CASE o.level
            WHEN '市' THEN 'city'
            WHEN '县' THEN 'county'
            WHEN '乡镇' THEN 'township'
            ELSE 'village'
        END AS variant,
        o.area_code AS area_code,
        'all' AS segment,
        'calendar_year' AS period_kind,
        o.calendar_year AS period,
        o.area_code AS unit_id,
        a.name_zh AS unit_name,
        CAST(o.with_institution AS BIGINT) AS numerator,
        CAST(o.units AS BIGINT) AS denominator,
        CAST(NULL AS VARCHAR) AS lacking,
        '按层级' AS basis,
        o.maturity AS maturity,
        o.source_file AS source_file,
        o.source_sheet AS source_sheet,
        o.source_row AS source_row
    FROM elderly AS o
    INNER JOIN area AS a ON a.area_code = o.area_code
    UNION ALL
    SELECT
        'preschool_full_coverage_urban_rural' AS indicator_id,
        'villages' AS variant,
        v.area_code AS area_code,
        'all' AS segment,
        'school_year' AS period_kind,
        v.school_year AS period,
        v.village_code12 AS unit_id,
        v.village_code12 AS unit_name,
        CAST(CASE WHEN v.served_by_school_id IS NULL THEN 0 ELSE 1 END AS BIGINT) AS numerator,
        CAST(1 AS BIGINT) AS denominator,
        CASE WHEN v.served_by_school_id IS NULL THEN 'not_served' END AS lacking,
        '有3—5岁幼儿的村(社区)' AS basis,
        v.maturity AS maturity,
        v.source_file AS source_file,
        v.source_sheet AS source_sheet,
        v.source_row AS source_row
    FROM village AS v
    WHERE v.children_3_5 > 0
    UNION ALL
    SELECT
        'rural_preschool_full_coverage' AS indicator_id,
        'villages' AS variant,
        v.area_code AS area_code,
        'all' AS segment,
        'school_year' AS period_kind,
        v.school_year AS period,
        v.village_code12 AS unit_id,
        v.village_code12 AS unit_name,
        CAST(CASE WHEN v.served_by_school_id IS NULL THEN 0 ELSE 1 END AS BIGINT) AS numerator,
        CAST(1 AS BIGINT) AS denominator,
        CASE WHEN v.served_by_school_id IS NULL THEN 'not_served' END AS lacking,
        '有3—5岁幼儿的行政村' AS basis,
        v.maturity AS maturity,
        v.source_file AS source_file,
        v.source_sheet AS source_sheet,
        v.source_row AS source_row
    FROM village AS v
    WHERE v.children_3_5 > 0 AND SUBSTR(v.village_code12, 10, 1) >= '2'
    UNION ALL
    SELECT
        'unified_senior_admission' AS indicator_id,
        'admissions' AS variant,
        g.area_code AS area_code,
        'all' AS segment,
        'school_year' AS period_kind,
        g.school_year AS period,
        COALESCE(g.school_id, g.area_code) AS unit_id,
        COALESCE(n.school_name, a.name_zh) AS unit_name,
        CAST(g.platform_admissions AS BIGINT) AS numerator,
        CAST(CASE WHEN g.platform_admissions IS NOT NULL THEN g.entrants END AS BIGINT) AS denominator,
        CASE
            WHEN g.platform_admissions IS NULL THEN 'not_reported'
            WHEN g.platform_admissions < g.entrants THEN 'outside_platform'
        END AS lacking,
        '按招生数' AS basis,
        g.maturity AS maturity,
        g.source_file AS source_file,
        g.source_sheet AS source_sheet,
        g.source_row AS source_row
    FROM admission AS g
    INNER JOIN area AS a ON a.area_code = g.area_code
    LEFT JOIN name AS n ON n.school_id = g.school_id AND n.school_year = g.school_year
    INNER JOIN platform_year AS f ON f.school_year = g.school_year
    LEFT JOIN admission_by_school AS y ON y.school_year = g.school_year
    WHERE (g.platform_admissions IS NOT NULL OR g.entrants > 0) AND (g.school_id IS NOT NULL OR y.school_year IS NULL)
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
