-- 出生人口:一行一县、年度、口径。
-- A row is births of one county, year and basis, typed as received and placed in the present-day unit (area_code).
-- Source: return "births", see pipeline/intake/contracts/births.yaml; old unit codes through data_raw/<programme>/crosswalk.csv.
WITH received AS (
    SELECT
        t.county_code AS county_code,
        t.calendar_year AS calendar_year,
        t.basis AS basis,
        t.births AS births,
        t.source_file AS source_file,
        t.source_sheet AS source_sheet,
        t.source_row AS source_row,
        t.period AS period,
        t.maturity AS maturity,
        t.origin AS origin,
        t.revision AS revision
    FROM raw.births AS t
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
        r.basis AS basis,
        r.births AS births,
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
    f.basis AS basis,
    f.births AS births,
    f.source_file AS source_file,
    f.source_sheet AS source_sheet,
    f.source_row AS source_row,
    f.period AS period,
    f.maturity AS maturity,
    f.origin AS origin,
    f.revision AS revision,
    f.area_code AS area_code
FROM final AS f
