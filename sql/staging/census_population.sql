-- 人口普查:一行一单位、性别、年龄段。
-- A row is census population of one unit by sex and age band, typed as received and placed in the present-day unit (area_code).
-- Source: return "census_population", see pipeline/intake/contracts/census_population.yaml; old unit codes through data_raw/<programme>/crosswalk.csv.
WITH received AS (
    SELECT
        t.census_year AS census_year,
        t.county_code AS county_code,
        t.sex AS sex,
        t.age_band AS age_band,
        t.population AS population,
        t.source_file AS source_file,
        t.source_sheet AS source_sheet,
        t.source_row AS source_row,
        t.period AS period,
        t.maturity AS maturity,
        t.origin AS origin,
        t.revision AS revision
    FROM raw.census_population AS t
),
crosswalk AS (
    SELECT
        c.old_code AS old_code,
        c.new_code AS new_code
    FROM raw.crosswalk AS c
),
final AS (
    SELECT
        r.census_year AS census_year,
        r.county_code AS county_code,
        r.sex AS sex,
        r.age_band AS age_band,
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
    f.census_year AS census_year,
    f.county_code AS county_code,
    f.sex AS sex,
    f.age_band AS age_band,
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
