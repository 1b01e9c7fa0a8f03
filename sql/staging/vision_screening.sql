-- 近视监测:一行一县、年度、学段、性别。
-- A row is vision screening of one county, year, stage and sex, typed as received and placed in the present-day unit (area_code).
-- Source: return "vision_screening", see pipeline/intake/contracts/vision_screening.yaml; old unit codes through data_raw/<programme>/crosswalk.csv.
WITH received AS (
    SELECT
        t.county_code AS county_code,
        t.calendar_year AS calendar_year,
        t.stage AS stage,
        t.sex AS sex,
        t.enrolled_in_sample AS enrolled_in_sample,
        t.screened AS screened,
        t.myopic AS myopic,
        t.severe AS severe,
        t.method AS method,
        t.sample_schools AS sample_schools,
        t.source_file AS source_file,
        t.source_sheet AS source_sheet,
        t.source_row AS source_row,
        t.period AS period,
        t.maturity AS maturity,
        t.origin AS origin,
        t.revision AS revision
    FROM raw.vision_screening AS t
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
        r.stage AS stage,
        r.sex AS sex,
        r.enrolled_in_sample AS enrolled_in_sample,
        r.screened AS screened,
        r.myopic AS myopic,
        r.severe AS severe,
        r.method AS method,
        r.sample_schools AS sample_schools,
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
    f.stage AS stage,
    f.sex AS sex,
    f.enrolled_in_sample AS enrolled_in_sample,
    f.screened AS screened,
    f.myopic AS myopic,
    f.severe AS severe,
    f.method AS method,
    f.sample_schools AS sample_schools,
    f.source_file AS source_file,
    f.source_sheet AS source_sheet,
    f.source_row AS source_row,
    f.period AS period,
    f.maturity AS maturity,
    f.origin AS origin,
    f.revision AS revision,
    f.area_code AS area_code
FROM final AS f
