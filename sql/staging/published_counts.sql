-- 公布总量:一行一统计项、学年。
-- A row is one published count, typed as received and placed in the present-day unit (area_code).
-- Source: return "published_counts", see pipeline/intake/contracts/published_counts.yaml; old unit codes through data_raw/<programme>/crosswalk.csv.
WITH received AS (
    SELECT
        t.unit_code AS unit_code,
        t.school_year AS school_year,
        t.measure AS measure,
        t.count AS count,
        t.unit_in AS unit_in,
        t.source_title AS source_title,
        t.derivation AS derivation,
        t.source_file AS source_file,
        t.source_sheet AS source_sheet,
        t.source_row AS source_row,
        t.period AS period,
        t.maturity AS maturity,
        t.origin AS origin,
        t.revision AS revision
    FROM raw.published_counts AS t
),
crosswalk AS (
    SELECT
        c.old_code AS old_code,
        c.new_code AS new_code
    FROM raw.crosswalk AS c
),
final AS (
    SELECT
        r.unit_code AS unit_code,
        r.school_year AS school_year,
        r.measure AS measure,
        r.count AS count,
        r.unit_in AS unit_in,
        r.source_title AS source_title,
        r.derivation AS derivation,
        r.source_file AS source_file,
        r.source_sheet AS source_sheet,
        r.source_row AS source_row,
        r.period AS period,
        r.maturity AS maturity,
        r.origin AS origin,
        r.revision AS revision,
        COALESCE(x.new_code, r.unit_code) AS area_code
    FROM received AS r
    LEFT JOIN crosswalk AS x ON x.old_code = r.unit_code
)
SELECT
    f.unit_code AS unit_code,
    f.school_year AS school_year,
    f.measure AS measure,
    f.count AS count,
    f.unit_in AS unit_in,
    f.source_title AS source_title,
    f.derivation AS derivation,
    f.source_file AS source_file,
    f.source_sheet AS source_sheet,
    f.source_row AS source_row,
    f.period AS period,
    f.maturity AS maturity,
    f.origin AS origin,
    f.revision AS revision,
    f.area_code AS area_code
FROM final AS f
