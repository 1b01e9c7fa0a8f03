-- 教师类指标的构成:一行一份报表行,交流轮岗、职称与培训、工资、补助、住房。
-- A row is what one row of the exchange or pay return adds to an indicator. Pay is in fen times persons over persons,
-- so that the average of a larger area weighs every person once.
-- Numerator and denominator are what this row adds; an indicator is their sum over rows. lacking names what a unit
-- is short of. A row without numbers is a unit that did not say: it counts nowhere and is listed by name.
-- Pay is compared only where both averages are of the same components; elsewhere the county is listed, without a figure.
-- Recruits count from the first cohort that the plan binds, that of the base year of its promise; the due cohort is the one
-- recruited five years before.
WITH bound AS (
    SELECT
        MIN(c.base_period) AS first_cohort
    FROM raw.commitment AS c
    WHERE c.indicator_id = 'new_rural_teacher_training_year'
),
area AS (
    SELECT
        a.area_code AS area_code,
        a.name_zh AS name_zh
    FROM core.area AS a
),
exchange AS (
    SELECT
        x.area_code AS area_code,
        x.school_year AS school_year,
        x.recruit_cohort AS recruit_cohort,
        x.eligible AS eligible,
        x.rotated AS rotated,
        x.rotated_backbone AS rotated_backbone,
        x.urban_applicants_senior_title AS urban_applicants_senior_title,
        x.applicants_with_rural_year AS applicants_with_rural_year,
        x.rural_recruits AS rural_recruits,
        x.placed_one_year AS placed_one_year,
        x.new_principals AS new_principals,
        x.new_principals_rural3 AS new_principals_rural3,
        x.maturity AS maturity,
        x.source_file AS source_file,
        x.source_sheet AS source_sheet,
        x.source_row AS source_row
    FROM staging.teacher_exchange AS x
),
pay AS (
    SELECT
        y.area_code AS area_code,
        y.calendar_year AS calendar_year,
        y.teachers_n AS teachers_n,
        y.teacher_avg_pay AS teacher_avg_pay,
        y.civil_servants_n AS civil_servants_n,
        y.civil_servant_avg_pay AS civil_servant_avg_pay,
        y.components AS components,
        y.civil_servant_components AS civil_servant_components,
        y.performance_total AS performance_total,
        y.guideline_total AS guideline_total,
        y.rural_allowance_eligible AS rural_allowance_eligible,
        y.rural_allowance_paid AS rural_allowance_paid,
        y.housing_eligible AS housing_eligible,
        y.housing_covered AS housing_covered,
        y.maturity AS maturity,
        y.source_file AS source_file,
        y.source_sheet AS source_sheet,
        y.source_row AS source_row
    FROM staging.pay_comparison AS y
),
final AS (
    SELECT
        'teacher_exchange_share' AS indicator_id,
        'eligible' AS variant,
        x.area_code AS area_code,
        'all' AS segment,
        'school_year' AS period_kind,
        x.school_year AS period,
        x.area_code AS unit_id,
        a.name_zh AS unit_name,
        CAST(x.rotated AS BIGINT) AS numerator,
        CAST(x.eligible AS BIGINT) AS denominator,
        CAST(NULL AS VARCHAR) AS lacking,
        '交流人数÷符合条件教师' AS basis,
        x.maturity AS maturity,
        x.source_file AS source_file,
        x.source_sheet AS source_sheet,
        x.source_row AS source_row
    FROM exchange AS x
    INNER JOIN area AS a ON a.area_code = x.area_code
    UNION ALL
    SELECT
        'backbone_exchange_share' AS indicator_id,
        'rotated' AS variant,
        x.area_code AS area_code,
        'all' AS segment,
        'school_year' AS period_kind,
        x.school_year AS period,
        x.area_code AS unit_id,
        a.name_zh AS unit_name,
        CAST(x.rotated_backbone AS BIGINT) AS numerator,
        CAST(x.rotated AS BIGINT) AS denominator,
        CAST(NULL AS VARCHAR) AS lacking,
        '骨干教师÷交流人数' AS basis,
        x.maturity AS maturity,
        x.source_file AS source_file,
        x.source_sheet AS source_sheet,
        x.source_row AS source_row
    FROM exchange AS x
    INNER JOIN area AS a ON a.area_code = x.area_code
    UNION ALL
    SELECT
        'senior_title_rural_year' AS indicator_id,
        'applicants' AS variant,
        x.area_code AS area_code,
        'all' AS segment,
        'school_year' AS period_kind,
        x.school_year AS period,
        x.area_code AS unit_id,
        a.name_zh AS unit_name,
        CAST(x.applicants_with_rural_year AS BIGINT) AS numerator,
        CAST(x.urban_applicants_senior_title AS BIGINT) AS denominator,
        CASE WHEN x.applicants_with_rural_year < x.urban_applicants_senior_title THEN 'without_rural_year' END AS lacking,
        '按申报人数' AS basis,
        x.maturity AS maturity,
        x.source_file AS source_file,
        x.source_sheet AS source_sheet,
        x.source_row AS source_row
    FROM exchange AS x
    INNER JOIN area AS a ON a.area_code = x.area_code
    UNION ALL
    SELECT
        'new_rural_teacher_training_year' AS indicator_id,
        'due_cohort' AS variant,
        x.area_code AS area_code,
        'all' AS segment,
        'school_year' AS period_kind,
        x.school_year AS period,
        x.area_code AS unit_id,
        a.name_zh AS unit_name,
        CAST(x.placed_one_year AS BIGINT) AS numerator,
        CAST(x.rural_recruits AS BIGINT) AS denominator,
        CASE WHEN x.placed_one_year < x.rural_recruits THEN 'not_placed' END AS lacking,
        '聘满五年的一届' AS basis,
        x.maturity AS maturity,
        x.source_file AS source_file,
        x.source_sheet AS source_sheet,
        x.source_row AS source_row
    FROM exchange AS x
    INNER JOIN area AS a ON a.area_code = x.area_code
    INNER JOIN bound AS b ON b.first_cohort <= x.recruit_cohort
    WHERE x.recruit_cohort = x.school_year - 5
    UNION ALL
    SELECT
        'new_rural_teacher_training_year' AS indicator_id,
        'so_far' AS variant,
        x.area_code AS area_code,
        'all' AS segment,
        'school_year' AS period_kind,
        x.school_year AS period,
        x.area_code AS unit_id,
        a.name_zh AS unit_name,
        CAST(x.placed_one_year AS BIGINT) AS numerator,
        CAST(x.rural_recruits AS BIGINT) AS denominator,
        CAST(NULL AS VARCHAR) AS lacking,
        CAST(b.first_cohort AS VARCHAR) || '年以来各届(未满五年)' AS basis,
        x.maturity AS maturity,
        x.source_file AS source_file,
        x.source_sheet AS source_sheet,
        x.source_row AS source_row
    FROM exchange AS x
    INNER JOIN area AS a ON a.area_code = x.area_code
    INNER JOIN bound AS b ON b.first_cohort <= x.recruit_cohort
    WHERE x.recruit_cohort <= x.school_year
    UNION ALL
    SELECT
        'principal_rural_experience' AS indicator_id,
        'new_principals' AS variant,
        x.area_code AS area_code,
        'all' AS segment,
        'school_year' AS period_kind,
        x.school_year AS period,
        x.area_code AS unit_id,
        a.name_zh AS unit_name,
        CAST(x.new_principals_rural3 AS BIGINT) AS numerator,
        CAST(x.new_principals AS BIGINT) AS denominator,
        CAST(NULL AS VARCHAR) AS lacking,
        '按新任校长' AS basis,
        x.maturity AS maturity,
        x.source_file AS source_file,
        x.source_sheet AS source_sheet,
        x.source_row AS source_row
    FROM exchange AS x
    INNER JOIN area AS a ON a.area_code = x.area_code
    UNION ALL
    SELECT
        'rural_teacher_housing' AS indicator_id,
        'eligible' AS variant,
        y.area_code AS area_code,
        'all' AS segment,
        'calendar_year' AS period_kind,
        y.calendar_year AS period,
        y.area_code AS unit_id,
        a.name_zh AS unit_name,
        CAST(y.housing_covered AS BIGINT) AS numerator,
        CAST(y.housing_eligible AS BIGINT) AS denominator,
        CASE WHEN y.housing_covered < y.housing_eligible THEN 'not_housed' END AS lacking,
        '按符合条件教师' AS basis,
        y.maturity AS maturity,
        y.source_file AS source_file,
        y.source_sheet AS source_sheet,
        y.source_row AS source_row
    FROM pay AS y
    INNER JOIN area AS a ON a.area_code = y.area_code
    UNION ALL
    SELECT
        'rural_teacher_allowance' AS indicator_id,
        'eligible' AS variant,
        y.area_code AS area_code,
        'all' AS segment,
        'calendar_year' AS period_kind,
        y.calendar_year AS period,
        y.area_code AS unit_id,
        a.name_zh AS unit_name,
        CAST(y.rural_allowance_paid AS BIGINT) AS numerator,
        CAST(y.rural_allowance_eligible AS BIGINT) AS denominator,
        CASE WHEN y.rural_allowance_paid < y.rural_allowance_eligible THEN 'not_paid' END AS lacking,
        '按应享教师' AS basis,
        y.maturity AS maturity,
        y.source_file AS source_file,
        y.source_sheet AS source_sheet,
        y.source_row AS source_row
    FROM pay AS y
    INNER JOIN area AS a ON a.area_code = y.area_code
    UNION ALL
    SELECT
        'after_school_pay_1_1' AS indicator_id,
        'ratio' AS variant,
        y.area_code AS area_code,
        'all' AS segment,
        'calendar_year' AS period_kind,
        y.calendar_year AS period,
        y.area_code AS unit_id,
        a.name_zh AS unit_name,
        CAST(y.performance_total * 100 AS BIGINT) AS numerator,
        CAST(y.guideline_total * 100 AS BIGINT) AS denominator,
        CAST(NULL AS VARCHAR) AS lacking,
        '核定总量÷指导线' AS basis,
        y.maturity AS maturity,
        y.source_file AS source_file,
        y.source_sheet AS source_sheet,
        y.source_row AS source_row
    FROM pay AS y
    INNER JOIN area AS a ON a.area_code = y.area_code
    UNION ALL
    SELECT
        'teacher_pay_vs_civil_servants' AS indicator_id,
        'computed' AS variant,
        y.area_code AS area_code,
        'all' AS segment,
        'calendar_year' AS period_kind,
        y.calendar_year AS period,
        y.area_code AS unit_id,
        a.name_zh AS unit_name,
        CAST(CASE WHEN y.components = y.civil_servant_components THEN y.teacher_avg_pay * 100 * y.teachers_n END AS BIGINT) AS numerator,
        CAST(CASE WHEN y.components = y.civil_servant_components THEN y.teachers_n END AS BIGINT) AS denominator,
        CASE
            WHEN NOT (y.components = y.civil_servant_components) THEN 'components_differ'
            WHEN y.teacher_avg_pay < y.civil_servant_avg_pay THEN 'pay_below'
        END AS lacking,
        y.components AS basis,
        y.maturity AS maturity,
        y.source_file AS source_file,
        y.source_sheet AS source_sheet,
        y.source_row AS source_row
    FROM pay AS y
    INNER JOIN area AS a ON a.area_code = y.area_code
    UNION ALL
    SELECT
        'teacher_pay_vs_civil_servants' AS indicator_id,
        'benchmark' AS variant,
        y.area_code AS area_code,
        'all' AS segment,
        'calendar_year' AS period_kind,
        y.calendar_year AS period,
        y.area_code AS unit_id,
        a.name_zh AS unit_name,
        CAST(y.civil_servant_avg_pay * 100 * y.civil_servants_n AS BIGINT) AS numerator,
        CAST(y.civil_servants_n AS BIGINT) AS denominator,
        CAST(NULL AS VARCHAR) AS lacking,
        y.civil_servant_components AS basis,
        y.maturity AS maturity,
        y.source_file AS source_file,
        y.source_sheet AS source_sheet,
        y.source_row AS source_row
    FROM pay AS y
    INNER JOIN area AS a ON a.area_code = y.area_code
    WHERE y.components = y.civil_servant_components
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
