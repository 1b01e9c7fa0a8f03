-- 学校名录:一行一校一学年。
-- A row is one school in one school year, typed as received and placed in the present-day unit (area_code).
-- Source: return "school_register", see pipeline/intake/contracts/school_register.yaml; old unit codes through data_raw/<programme>/crosswalk.csv.
WITH received AS (
    SELECT
        t.school_id AS school_id,
        t.school_year AS school_year,
        t.school_name AS school_name,
        t.school_type AS school_type,
        t.founder_type AS founder_type,
        t.is_public AS is_public,
        t.profit_status AS profit_status,
        t.county_code AS county_code,
        t.site_code12 AS site_code12,
        t.urban_rural_code AS urban_rural_code,
        t.site_place_type AS site_place_type,
        t.pays_budget_level AS pays_budget_level,
        t.host_school_id AS host_school_id,
        t.is_quality_school AS is_quality_school,
        t.is_boarding AS is_boarding,
        t.lon AS lon,
        t.lat AS lat,
        t.status AS status,
        t.closure_date AS closure_date,
        t.claims_inclusive AS claims_inclusive,
        t.source_file AS source_file,
        t.source_sheet AS source_sheet,
        t.source_row AS source_row,
        t.period AS period,
        t.maturity AS maturity,
        t.origin AS origin,
        t.revision AS revision
    FROM raw.school_register AS t
),
crosswalk AS (
    SELECT
        c.old_code AS old_code,
        c.new_code AS new_code
    FROM raw.crosswalk AS c
),
final AS (
    SELECT
        r.school_id AS school_id,
        r.school_year AS school_year,
        r.school_name AS school_name,
        r.school_type AS school_type,
        r.founder_type AS founder_type,
        r.is_public AS is_public,
        r.profit_status AS profit_status,
        r.county_code AS county_code,
        r.site_code12 AS site_code12,
        r.urban_rural_code AS urban_rural_code,
        r.site_place_type AS site_place_type,
        r.pays_budget_level AS pays_budget_level,
        r.host_school_id AS host_school_id,
        r.is_quality_school AS is_quality_school,
        r.is_boarding AS is_boarding,
        r.lon AS lon,
        r.lat AS lat,
        r.status AS status,
        r.closure_date AS closure_date,
        r.claims_inclusive AS claims_inclusive,
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
    f.school_id AS school_id,
    f.school_year AS school_year,
    f.school_name AS school_name,
    f.school_type AS school_type,
    f.founder_type AS founder_type,
    f.is_public AS is_public,
    f.profit_status AS profit_status,
    f.county_code AS county_code,
    f.site_code12 AS site_code12,
    f.urban_rural_code AS urban_rural_code,
    f.site_place_type AS site_place_type,
    f.pays_budget_level AS pays_budget_level,
    f.host_school_id AS host_school_id,
    f.is_quality_school AS is_quality_school,
    f.is_boarding AS is_boarding,
    f.lon AS lon,
    f.lat AS lat,
    f.status AS status,
    f.closure_date AS closure_date,
    f.claims_inclusive AS claims_inclusive,
    f.source_file AS source_file,
    f.source_sheet AS source_sheet,
    f.source_row AS source_row,
    f.period AS period,
    f.maturity AS maturity,
    f.origin AS origin,
    f.revision AS revision,
    f.area_code AS area_code
FROM final AS f
