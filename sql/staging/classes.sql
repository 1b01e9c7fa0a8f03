-- 班数、班额:一行一校、学段、年级。
-- A row is the classes of one school, stage and grade, typed as received and placed in the present-day unit (area_code).
-- Source: return "classes", see pipeline/intake/contracts/classes.yaml; old unit codes through data_raw/<programme>/crosswalk.csv.
WITH received AS (
    SELECT
        t.school_id AS school_id,
        t.school_year AS school_year,
        t.stage AS stage,
        t.grade AS grade,
        t.classes AS classes,
        t.size_band_le35 AS size_band_le35,
        t.size_band_36_45 AS size_band_36_45,
        t.size_band_46_55 AS size_band_46_55,
        t.size_band_ge56 AS size_band_ge56,
        t.source_file AS source_file,
        t.source_sheet AS source_sheet,
        t.source_row AS source_row,
        t.period AS period,
        t.maturity AS maturity,
        t.origin AS origin,
        t.revision AS revision
    FROM raw.classes AS t
),
crosswalk AS (
    SELECT
        c.old_code AS old_code,
        c.new_code AS new_code
    FROM raw.crosswalk AS c
),
register AS (
    SELECT
        s.school_id AS school_id,
        s.school_year AS school_year,
        MIN(COALESCE(x.new_code, s.county_code)) AS county_code
    FROM raw.school_register AS s
    LEFT JOIN crosswalk AS x ON x.old_code = s.county_code
    GROUP BY s.school_id, s.school_year
),
final AS (
    SELECT
        r.school_id AS school_id,
        r.school_year AS school_year,
        r.stage AS stage,
        r.grade AS grade,
        r.classes AS classes,
        r.size_band_le35 AS size_band_le35,
        r.size_band_36_45 AS size_band_36_45,
        r.size_band_46_55 AS size_band_46_55,
        r.size_band_ge56 AS size_band_ge56,
        r.source_file AS source_file,
        r.source_sheet AS source_sheet,
        r.source_row AS source_row,
        r.period AS period,
        r.maturity AS maturity,
        r.origin AS origin,
        r.revision AS revision,
        g.county_code AS area_code
    FROM received AS r
    LEFT JOIN register AS g ON g.school_id = r.school_id AND g.school_year = r.school_year
)
SELECT
    f.school_id AS school_id,
    f.school_year AS school_year,
    f.stage AS stage,
    f.grade AS grade,
    f.classes AS classes,
    f.size_band_le35 AS size_band_le35,
    f.size_band_36_45 AS size_band_36_45,
    f.size_band_46_55 AS size_band_46_55,
    f.size_band_ge56 AS size_band_ge56,
    f.source_file AS source_file,
    f.source_sheet AS source_sheet,
    f.source_row AS source_row,
    f.period AS period,
    f.maturity AS maturity,
    f.origin AS origin,
    f.revision AS revision,
    f.area_code AS area_code
FROM final AS f
