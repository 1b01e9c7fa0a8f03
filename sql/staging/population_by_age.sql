-- 分年龄人口:一行一县、时点、口径、年龄、性别。
-- A row is population of one county by reference date, basis, age and sex, typed as received and placed in the present-day unit (area_code).
-- Source: return "population_by_age", see pipeline/intake/contracts/population_by_age.yaml; old unit codes through data_raw/<programme>/crosswalk.csv.
WITH received AS (
    SELECT
        t.county_code AS county_code,
        t.ref_date AS ref_date,
        t.basis AS basis,
        t.age AS age,
        t.sex AS sex,
        t.population AS population,
        t.source_file AS source_file,
        t.source_sheet AS source_sheet,
        t.source_row AS source_row,
        t.period AS period,
        t.maturity AS maturity,
        t.origin AS origin,
        t.revision AS revision
    FROM raw.population_by_age AS t
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
        r.ref_date AS ref_date,
        r.basis AS basis,
        r.age AS age,
        r.sex AS sex,
        r.population AS population,
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
    f.ref_date AS ref_date,
    f.basis AS basis,
    f.age AS age,
    f.sex AS sex,
    f.population AS population,
    f.source_file AS source_file,
    f.source_sheet AS source_sheet,
    f.source_row AS source_row,
    f.period AS period,
    f.maturity AS maturity,
    f.origin AS origin,
    f.revision AS revision,
    f.area_code AS area_code
FROM final AS f
