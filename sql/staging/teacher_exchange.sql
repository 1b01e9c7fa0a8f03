-- 交流轮岗:一行一县、学年、学段、招聘年份。
-- A row is exchange of teachers of one county by stage and year of recruitment, typed as received and placed in the present-day unit (area_code).
-- Source: return "teacher_exchange", see pipeline/intake/contracts/teacher_exchange.yaml; old unit codes through data_raw/<programme>/crosswalk.csv.
WITH received AS (
    SELECT
        t.county_code AS county_code,
        t.school_year AS school_year,
        t.stage AS stage,
        t.recruit_cohort AS recruit_cohort,
        t.eligible AS eligible,
        t.rotated AS rotated,
        t.rotated_backbone AS rotated_backbone,
        t.urban_applicants_senior_title AS urban_applicants_senior_title,
        t.applicants_with_rural_year AS applicants_with_rural_year,
        t.rural_recruits AS rural_recruits,
        t.placed_one_year AS placed_one_year,
        t.new_principals AS new_principals,
        t.new_principals_rural3 AS new_principals_rural3,
        t.source_file AS source_file,
        t.source_sheet AS source_sheet,
        t.source_row AS source_row,
        t.period AS period,
        t.maturity AS maturity,
        t.origin AS origin,
        t.revision AS revision
    FROM raw.teacher_exchange AS t
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
        r.school_year AS school_year,
        r.stage AS stage,
        r.recruit_cohort AS recruit_cohort,
        r.eligible AS eligible,
        r.rotated AS rotated,
        r.rotated_backbone AS rotated_backbone,
        r.urban_applicants_senior_title AS urban_applicants_senior_title,
        r.applicants_with_rural_year AS applicants_with_rural_year,
        r.rural_recruits AS rural_recruits,
        r.placed_one_year AS placed_one_year,
        r.new_principals AS new_principals,
        r.new_principals_rural3 AS new_principals_rural3,
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
    f.school_year AS school_year,
    f.stage AS stage,
    f.recruit_cohort AS recruit_cohort,
    f.eligible AS eligible,
    f.rotated AS rotated,
    f.rotated_backbone AS rotated_backbone,
    f.urban_applicants_senior_title AS urban_applicants_senior_title,
    f.applicants_with_rural_year AS applicants_with_rural_year,
    f.rural_recruits AS rural_recruits,
    f.placed_one_year AS placed_one_year,
    f.new_principals AS new_principals,
    f.new_principals_rural3 AS new_principals_rural3,
    f.source_file AS source_file,
    f.source_sheet AS source_sheet,
    f.source_row AS source_row,
    f.period AS period,
    f.maturity AS maturity,
    f.origin AS origin,
    f.revision AS revision,
    f.area_code AS area_code
FROM final AS f
