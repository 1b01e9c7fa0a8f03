-- 学生变动:一行一县(校)、学年、上学年所在年级。
-- A row is pupil movement of one county or school by grade of the past year, typed as received and placed in the present-day unit (area_code).
-- Source: return "pupil_movement", see pipeline/intake/contracts/pupil_movement.yaml; old unit codes through data_raw/<programme>/crosswalk.csv.
WITH received AS (
    SELECT
        t.school_id AS school_id,
        t.county_code AS county_code,
        t.school_year AS school_year,
        t.grade AS grade,
        t.opening AS opening,
        t.in_county AS in_county,
        t.in_city AS in_city,
        t.in_other AS in_other,
        t.resumed AS resumed,
        t.other_in AS other_in,
        t.out_county AS out_county,
        t.out_city AS out_city,
        t.out_other AS out_other,
        t.suspended AS suspended,
        t.withdrawn AS withdrawn,
        t.died AS died,
        t.other_out AS other_out,
        t.closing AS closing,
        t.entrants AS entrants,
        t.graduates AS graduates,
        t.source_file AS source_file,
        t.source_sheet AS source_sheet,
        t.source_row AS source_row,
        t.period AS period,
        t.maturity AS maturity,
        t.origin AS origin,
        t.revision AS revision
    FROM raw.pupil_movement AS t
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
        r.grade AS grade,
        r.opening AS opening,
        r.in_county AS in_county,
        r.in_city AS in_city,
        r.in_other AS in_other,
        r.resumed AS resumed,
        r.other_in AS other_in,
        r.out_county AS out_county,
        r.out_city AS out_city,
        r.out_other AS out_other,
        r.suspended AS suspended,
        r.withdrawn AS withdrawn,
        r.died AS died,
        r.other_out AS other_out,
        r.closing AS closing,
        r.entrants AS entrants,
        r.graduates AS graduates,
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
    f.grade AS grade,
    f.opening AS opening,
    f.in_county AS in_county,
    f.in_city AS in_city,
    f.in_other AS in_other,
    f.resumed AS resumed,
    f.other_in AS other_in,
    f.out_county AS out_county,
    f.out_city AS out_city,
    f.out_other AS out_other,
    f.suspended AS suspended,
    f.withdrawn AS withdrawn,
    f.died AS died,
    f.other_out AS other_out,
    f.closing AS closing,
    f.entrants AS entrants,
    f.graduates AS graduates,
    f.source_file AS source_file,
    f.source_sheet AS source_sheet,
    f.source_row AS source_row,
    f.period AS period,
    f.maturity AS maturity,
    f.origin AS origin,
    f.revision AS revision,
    f.area_code AS area_code
FROM final AS f
