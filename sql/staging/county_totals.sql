-- 县级分项汇总:一行一县、学年、统计项目、学段、分项。
-- A row is a county's own summary by measure, stage and group, typed as received and placed in the present-day unit (area_code).
-- Source: return "county_totals", see pipeline/intake/contracts/county_totals.yaml; old unit codes through data_raw/<programme>/crosswalk.csv.
WITH received AS (
    SELECT
        t.county_code AS county_code,
        t.school_year AS school_year,
        t.measure AS measure,
        t.stage AS stage,
        t.breakdown AS breakdown,
        t.count AS count,
        t.source_file AS source_file,
        t.source_sheet AS source_sheet,
        t.source_row AS source_row,
        t.period AS period,
        t.maturity AS maturity,
        t.origin AS origin,
        t.revision AS revision
    FROM raw.county_totals AS t
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
        r.measure AS measure,
        r.stage AS stage,
        r.breakdown AS breakdown,
        r.count AS count,
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
    f.measure AS measure,
    f.stage AS stage,
    f.breakdown AS breakdown,
    f.count AS count,
    f.source_file AS source_file,
    f.source_sheet AS source_sheet,
    f.source_row AS source_row,
    f.period AS period,
    f.maturity AS maturity,
    f.origin AS origin,
    f.revision AS revision,
    f.area_code AS area_code
FROM final AS f
