-- 适龄残疾儿童:一行一县、学年。
-- A row is children with disabilities of one county and school year, counts only, typed as received and placed in the present-day unit (area_code).
-- Source: return "disabled_children_ledger", see pipeline/intake/contracts/disabled_children_ledger.yaml; old unit codes through data_raw/<programme>/crosswalk.csv.
WITH received AS (
    SELECT
        t.county_code AS county_code,
        t.school_year AS school_year,
        t.ledger AS ledger,
        t.enrolled AS enrolled,
        t.not_enrolled AS not_enrolled,
        t.reasons AS reasons,
        t.source_file AS source_file,
        t.source_sheet AS source_sheet,
        t.source_row AS source_row,
        t.period AS period,
        t.maturity AS maturity,
        t.origin AS origin,
        t.revision AS revision
    FROM raw.disabled_children_ledger AS t
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
        r.ledger AS ledger,
        r.enrolled AS enrolled,
        r.not_enrolled AS not_enrolled,
        r.reasons AS reasons,
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
    f.ledger AS ledger,
    f.enrolled AS enrolled,
    f.not_enrolled AS not_enrolled,
    f.reasons AS reasons,
    f.source_file AS source_file,
    f.source_sheet AS source_sheet,
    f.source_row AS source_row,
    f.period AS period,
    f.maturity AS maturity,
    f.origin AS origin,
    f.revision AS revision,
    f.area_code AS area_code
FROM final AS f
