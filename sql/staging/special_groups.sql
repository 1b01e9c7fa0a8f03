-- 特殊群体学生:一行一校、学段、年级。
-- A row is counts of special groups of one school, stage and grade, typed as received and placed in the present-day unit (area_code).
-- Source: return "special_groups", see pipeline/intake/contracts/special_groups.yaml; old unit codes through data_raw/<programme>/crosswalk.csv.
WITH received AS (
    SELECT
        t.school_id AS school_id,
        t.school_year AS school_year,
        t.stage AS stage,
        t.grade AS grade,
        t.boarders AS boarders,
        t.boarding_requests AS boarding_requests,
        t.willing_to_board AS willing_to_board,
        t.migrant_total AS migrant_total,
        t.migrant_province AS migrant_province,
        t.migrant_county AS migrant_county,
        t.left_behind AS left_behind,
        t.disabled_total AS disabled_total,
        t.disabled_inclusive AS disabled_inclusive,
        t.disabled_special_class AS disabled_special_class,
        t.disabled_special_school AS disabled_special_school,
        t.disabled_home AS disabled_home,
        t.minority AS minority,
        t.source_file AS source_file,
        t.source_sheet AS source_sheet,
        t.source_row AS source_row,
        t.period AS period,
        t.maturity AS maturity,
        t.origin AS origin,
        t.revision AS revision
    FROM raw.special_groups AS t
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
        r.boarders AS boarders,
        r.boarding_requests AS boarding_requests,
        r.willing_to_board AS willing_to_board,
        r.migrant_total AS migrant_total,
        r.migrant_province AS migrant_province,
        r.migrant_county AS migrant_county,
        r.left_behind AS left_behind,
        r.disabled_total AS disabled_total,
        r.disabled_inclusive AS disabled_inclusive,
        r.disabled_special_class AS disabled_special_class,
        r.disabled_special_school AS disabled_special_school,
        r.disabled_home AS disabled_home,
        r.minority AS minority,
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
    f.boarders AS boarders,
    f.boarding_requests AS boarding_requests,
    f.willing_to_board AS willing_to_board,
    f.migrant_total AS migrant_total,
    f.migrant_province AS migrant_province,
    f.migrant_county AS migrant_county,
    f.left_behind AS left_behind,
    f.disabled_total AS disabled_total,
    f.disabled_inclusive AS disabled_inclusive,
    f.disabled_special_class AS disabled_special_class,
    f.disabled_special_school AS disabled_special_school,
    f.disabled_home AS disabled_home,
    f.minority AS minority,
    f.source_file AS source_file,
    f.source_sheet AS source_sheet,
    f.source_row AS source_row,
    f.period AS period,
    f.maturity AS maturity,
    f.origin AS origin,
    f.revision AS revision,
    f.area_code AS area_code
FROM final AS f
