-- 课后服务:一行一校、学期。
-- A row is after-school service of one school and term, typed as received and placed in the present-day unit (area_code).
-- Source: return "after_school_service", see pipeline/intake/contracts/after_school_service.yaml; old unit codes through data_raw/<programme>/crosswalk.csv.
WITH received AS (
    SELECT
        t.school_id AS school_id,
        t.school_year AS school_year,
        t.term AS term,
        t.offers AS offers,
        t.applied AS applied,
        t.served AS served,
        t.end_time AS end_time,
        t.local_closing_time AS local_closing_time,
        t.fee AS fee,
        t.source_file AS source_file,
        t.source_sheet AS source_sheet,
        t.source_row AS source_row,
        t.period AS period,
        t.maturity AS maturity,
        t.origin AS origin,
        t.revision AS revision
    FROM raw.after_school_service AS t
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
        r.term AS term,
        r.offers AS offers,
        r.applied AS applied,
        r.served AS served,
        r.end_time AS end_time,
        r.local_closing_time AS local_closing_time,
        r.fee AS fee,
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
    f.term AS term,
    f.offers AS offers,
    f.applied AS applied,
    f.served AS served,
    f.end_time AS end_time,
    f.local_closing_time AS local_closing_time,
    f.fee AS fee,
    f.source_file AS source_file,
    f.source_sheet AS source_sheet,
    f.source_row AS source_row,
    f.period AS period,
    f.maturity AS maturity,
    f.origin AS origin,
    f.revision AS revision,
    f.area_code AS area_code
FROM final AS f
