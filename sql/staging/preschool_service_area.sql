-- 学前服务区:一行一村、学年。
-- A row is one village and school year with the kindergarten that serves it, typed as received and placed in the present-day unit (area_code).
-- Source: return "preschool_service_area", see pipeline/intake/contracts/preschool_service_area.yaml; old unit codes through data_raw/<programme>/crosswalk.csv.
WITH received AS (
    SELECT
        t.village_code12 AS village_code12,
        t.school_year AS school_year,
        t.children_3_5 AS children_3_5,
        t.served_by_school_id AS served_by_school_id,
        t.distance_km AS distance_km,
        t.source_file AS source_file,
        t.source_sheet AS source_sheet,
        t.source_row AS source_row,
        t.period AS period,
        t.maturity AS maturity,
        t.origin AS origin,
        t.revision AS revision
    FROM raw.preschool_service_area AS t
),
crosswalk AS (
    SELECT
        c.old_code AS old_code,
        c.new_code AS new_code
    FROM raw.crosswalk AS c
),
final AS (
    SELECT
        r.village_code12 AS village_code12,
        r.school_year AS school_year,
        r.children_3_5 AS children_3_5,
        r.served_by_school_id AS served_by_school_id,
        r.distance_km AS distance_km,
        r.source_file AS source_file,
        r.source_sheet AS source_sheet,
        r.source_row AS source_row,
        r.period AS period,
        r.maturity AS maturity,
        r.origin AS origin,
        r.revision AS revision,
        COALESCE(x.new_code, SUBSTR(r.village_code12, 1, 6)) AS area_code
    FROM received AS r
    LEFT JOIN crosswalk AS x ON x.old_code = SUBSTR(r.village_code12, 1, 6)
)
SELECT
    f.village_code12 AS village_code12,
    f.school_year AS school_year,
    f.children_3_5 AS children_3_5,
    f.served_by_school_id AS served_by_school_id,
    f.distance_km AS distance_km,
    f.source_file AS source_file,
    f.source_sheet AS source_sheet,
    f.source_row AS source_row,
    f.period AS period,
    f.maturity AS maturity,
    f.origin AS origin,
    f.revision AS revision,
    f.area_code AS area_code
FROM final AS f
