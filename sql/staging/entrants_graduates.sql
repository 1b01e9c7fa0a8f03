-- 招生、毕业:一行一县(校)、学年、学段。
-- A row is entrants and graduates of one county or school by stage, typed as received and placed in the present-day unit (area_code).
-- Source: return "entrants_graduates", see pipeline/intake/contracts/entrants_graduates.yaml; old unit codes through data_raw/<programme>/crosswalk.csv.
WITH received AS (
    SELECT
        t.school_id AS school_id,
        t.county_code AS county_code,
        t.school_year AS school_year,
        t.stage AS stage,
        t.entrants AS entrants,
        t.graduates_prev_summer AS graduates_prev_summer,
        t.entrants_preschool AS entrants_preschool,
        t.entrants_from_county AS entrants_from_county,
        t.entrants_from_city AS entrants_from_city,
        t.entrants_other AS entrants_other,
        t.expected_graduates AS expected_graduates,
        t.platform_admissions AS platform_admissions,
        t.source_file AS source_file,
        t.source_sheet AS source_sheet,
        t.source_row AS source_row,
        t.period AS period,
        t.maturity AS maturity,
        t.origin AS origin,
        t.revision AS revision
    FROM raw.entrants_graduates AS t
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
        r.county_code AS county_code,
        r.school_year AS school_year,
        r.stage AS stage,
        r.entrants AS entrants,
        r.graduates_prev_summer AS graduates_prev_summer,
        r.entrants_preschool AS entrants_preschool,
        r.entrants_from_county AS entrants_from_county,
        r.entrants_from_city AS entrants_from_city,
        r.entrants_other AS entrants_other,
        r.expected_graduates AS expected_graduates,
        r.platform_admissions AS platform_admissions,
        r.source_file AS source_file,
        r.source_sheet AS source_sheet,
        r.source_row AS source_row,
        r.period AS period,
        r.maturity AS maturity,
        r.origin AS origin,
        r.revision AS revision,
        COALESCE(g.county_code, x.new_code, r.county_code) AS area_code
    FROM received AS r
    LEFT JOIN register AS g ON g.school_id = r.school_id AND g.school_year = r.school_year
    LEFT JOIN crosswalk AS x ON x.old_code = r.county_code
)
SELECT
    f.school_id AS school_id,
    f.county_code AS county_code,
    f.school_year AS school_year,
    f.stage AS stage,
    f.entrants AS entrants,
    f.graduates_prev_summer AS graduates_prev_summer,
    f.entrants_preschool AS entrants_preschool,
    f.entrants_from_county AS entrants_from_county,
    f.entrants_from_city AS entrants_from_city,
    f.entrants_other AS entrants_other,
    f.expected_graduates AS expected_graduates,
    f.platform_admissions AS platform_admissions,
    f.source_file AS source_file,
    f.source_sheet AS source_sheet,
    f.source_row AS source_row,
    f.period AS period,
    f.maturity AS maturity,
    f.origin AS origin,
    f.revision AS revision,
    f.area_code AS area_code
FROM final AS f
