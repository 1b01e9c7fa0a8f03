-- 办学条件:一行一校、学年。
-- A row is land, buildings and equipment of one school, typed as received and placed in the present-day unit (area_code).
-- Source: return "facilities", see pipeline/intake/contracts/facilities.yaml; old unit codes through data_raw/<programme>/crosswalk.csv.
WITH received AS (
    SELECT
        t.school_id AS school_id,
        t.school_year AS school_year,
        t.land_m2 AS land_m2,
        t.floor_m2 AS floor_m2,
        t.teaching_m2 AS teaching_m2,
        t.dorm_m2 AS dorm_m2,
        t.sports_m2 AS sports_m2,
        t.danger_m2 AS danger_m2,
        t.books AS books,
        t.equipment_yuan AS equipment_yuan,
        t.multimedia_rooms AS multimedia_rooms,
        t.beds AS beds,
        t.source_file AS source_file,
        t.source_sheet AS source_sheet,
        t.source_row AS source_row,
        t.period AS period,
        t.maturity AS maturity,
        t.origin AS origin,
        t.revision AS revision
    FROM raw.facilities AS t
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
        r.land_m2 AS land_m2,
        r.floor_m2 AS floor_m2,
        r.teaching_m2 AS teaching_m2,
        r.dorm_m2 AS dorm_m2,
        r.sports_m2 AS sports_m2,
        r.danger_m2 AS danger_m2,
        r.books AS books,
        r.equipment_yuan AS equipment_yuan,
        r.multimedia_rooms AS multimedia_rooms,
        r.beds AS beds,
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
    f.land_m2 AS land_m2,
    f.floor_m2 AS floor_m2,
    f.teaching_m2 AS teaching_m2,
    f.dorm_m2 AS dorm_m2,
    f.sports_m2 AS sports_m2,
    f.danger_m2 AS danger_m2,
    f.books AS books,
    f.equipment_yuan AS equipment_yuan,
    f.multimedia_rooms AS multimedia_rooms,
    f.beds AS beds,
    f.source_file AS source_file,
    f.source_sheet AS source_sheet,
    f.source_row AS source_row,
    f.period AS period,
    f.maturity AS maturity,
    f.origin AS origin,
    f.revision AS revision,
    f.area_code AS area_code
FROM final AS f
