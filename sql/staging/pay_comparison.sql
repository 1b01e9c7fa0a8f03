-- 工资:一行一县、年度。
-- A row is pay of teachers and civil servants of one county and year, typed as received and placed in the present-day unit (area_code).
-- Source: return "pay_comparison", see pipeline/intake/contracts/pay_comparison.yaml; old unit codes through data_raw/<programme>/crosswalk.csv.
WITH received AS (
    SELECT
        t.county_code AS county_code,
        t.calendar_year AS calendar_year,
        t.teachers_n AS teachers_n,
        t.teacher_avg_pay AS teacher_avg_pay,
        t.civil_servants_n AS civil_servants_n,
        t.civil_servant_avg_pay AS civil_servant_avg_pay,
        t.components AS components,
        t.civil_servant_components AS civil_servant_components,
        t.performance_total AS performance_total,
        t.guideline_total AS guideline_total,
        t.rural_allowance_eligible AS rural_allowance_eligible,
        t.rural_allowance_paid AS rural_allowance_paid,
        t.housing_eligible AS housing_eligible,
        t.housing_covered AS housing_covered,
        t.source_file AS source_file,
        t.source_sheet AS source_sheet,
        t.source_row AS source_row,
        t.period AS period,
        t.maturity AS maturity,
        t.origin AS origin,
        t.revision AS revision
    FROM raw.pay_comparison AS t
),
crosswalk AS (
    SELECT
        c.old_code AS old_code,
        c.new_code AS new_code
    FROM raw.crosswalk AS c
),
final AS (
    SELECT
        r.county_code AS county_code,
        r.calendar_year AS calendar_year,
        r.teachers_n AS teachers_n,
        r.teacher_avg_pay AS teacher_avg_pay,
        r.civil_servants_n AS civil_servants_n,
        r.civil_servant_avg_pay AS civil_servant_avg_pay,
        r.components AS components,
        r.civil_servant_components AS civil_servant_components,
        r.performance_total AS performance_total,
        r.guideline_total AS guideline_total,
        r.rural_allowance_eligible AS rural_allowance_eligible,
        r.rural_allowance_paid AS rural_allowance_paid,
        r.housing_eligible AS housing_eligible,
        r.housing_covered AS housing_covered,
        r.source_file AS source_file,
        r.source_sheet AS source_sheet,
        r.source_row AS source_row,
        r.period AS period,
        r.maturity AS maturity,
        r.origin AS origin,
        r.revision AS revision,
        COALESCE(x.new_code, r.county_code) AS area_code
    FROM received AS r
    LEFT JOIN crosswalk AS x ON x.old_code = r.county_code
)
SELECT
    f.county_code AS county_code,
    f.calendar_year AS calendar_year,
    f.teachers_n AS teachers_n,
    f.teacher_avg_pay AS teacher_avg_pay,
    f.civil_servants_n AS civil_servants_n,
    f.civil_servant_avg_pay AS civil_servant_avg_pay,
    f.components AS components,
    f.civil_servant_components AS civil_servant_components,
    f.performance_total AS performance_total,
    f.guideline_total AS guideline_total,
    f.rural_allowance_eligible AS rural_allowance_eligible,
    f.rural_allowance_paid AS rural_allowance_paid,
    f.housing_eligible AS housing_eligible,
    f.housing_covered AS housing_covered,
    f.source_file AS source_file,
    f.source_sheet AS source_sheet,
    f.source_row AS source_row,
    f.period AS period,
    f.maturity AS maturity,
    f.origin AS origin,
    f.revision AS revision,
    f.area_code AS area_code
FROM final AS f
