-- 教职工:一行一校、学段。
-- A row is staff of one school and stage, typed as received and placed in the present-day unit (area_code).
-- Source: return "staff", see pipeline/intake/contracts/staff.yaml; old unit codes through data_raw/<programme>/crosswalk.csv.
WITH received AS (
    SELECT
        t.school_id AS school_id,
        t.school_year AS school_year,
        t.stage AS stage,
        t.staff AS staff,
        t.full_time_teachers AS full_time_teachers,
        t.female AS female,
        t.q_graduate AS q_graduate,
        t.q_bachelor AS q_bachelor,
        t.q_college AS q_college,
        t.q_upper_secondary AS q_upper_secondary,
        t.q_below AS q_below,
        t.backbone_county_up AS backbone_county_up,
        t.carers AS carers,
        t.new_recruits AS new_recruits,
        t.new_recruits_college AS new_recruits_college,
        t.health_checked AS health_checked,
        t.substitute_teachers AS substitute_teachers,
        t.source_file AS source_file,
        t.source_sheet AS source_sheet,
        t.source_row AS source_row,
        t.period AS period,
        t.maturity AS maturity,
        t.origin AS origin,
        t.revision AS revision
    FROM raw.staff AS t
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
        r.staff AS staff,
        r.full_time_teachers AS full_time_teachers,
        r.female AS female,
        r.q_graduate AS q_graduate,
        r.q_bachelor AS q_bachelor,
        r.q_college AS q_college,
        r.q_upper_secondary AS q_upper_secondary,
        r.q_below AS q_below,
        r.backbone_county_up AS backbone_county_up,
        r.carers AS carers,
        r.new_recruits AS new_recruits,
        r.new_recruits_college AS new_recruits_college,
        r.health_checked AS health_checked,
        r.substitute_teachers AS substitute_teachers,
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
    f.staff AS staff,
    f.full_time_teachers AS full_time_teachers,
    f.female AS female,
    f.q_graduate AS q_graduate,
    f.q_bachelor AS q_bachelor,
    f.q_college AS q_college,
    f.q_upper_secondary AS q_upper_secondary,
    f.q_below AS q_below,
    f.backbone_county_up AS backbone_county_up,
    f.carers AS carers,
    f.new_recruits AS new_recruits,
    f.new_recruits_college AS new_recruits_college,
    f.health_checked AS health_checked,
    f.substitute_teachers AS substitute_teachers,
    f.source_file AS source_file,
    f.source_sheet AS source_sheet,
    f.source_row AS source_row,
    f.period AS period,
    f.maturity AS maturity,
    f.origin AS origin,
    f.revision AS revision,
    f.area_code AS area_code
FROM final AS f
