-- 技工学校在校生:一行一校一年级。
-- A row is pupils of one technical school by grade, typed as received and placed in the present-day unit (area_code).
-- Source: return "technical_school_enrolment", see pipeline/intake/contracts/technical_school_enrolment.yaml; old unit codes through data_raw/<programme>/crosswalk.csv.
WITH received AS (
    SELECT
        t.school_id AS school_id,
        t.school_year AS school_year,
        t.county_code AS county_code,
        t.grade AS grade,
        t.pupils AS pupils,
        t.from_county AS from_county,
        t.source_file AS source_file,
        t.source_sheet AS source_sheet,
        t.source_row AS source_row,
        t.period AS period,
        t.maturity AS maturity,
        t.origin AS origin,
        t.revision AS revision
    FROM raw.technical_school_enrolment AS t
),
crosswalk AS (
    SELECT
        c.old_code AS old_code,
        c.new_code AS new_code
    FROM raw.crosswalk AS c
),
final AS (
    SELECT
        r.school_id AS school_id,
        r.school_year AS school_year,
        r.county_code AS county_code,
        r.grade AS grade,
        r.pupils AS pupils,
        r.from_county AS from_county,
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
    f.school_id AS school_id,
    f.school_year AS school_year,
    f.county_code AS county_code,
    f.grade AS grade,
    f.pupils AS pupils,
    f.from_county AS from_county,
    f.source_file AS source_file,
    f.source_sheet AS source_sheet,
    f.source_row AS source_row,
    f.period AS period,
    f.maturity AS maturity,
    f.origin AS origin,
    f.revision AS revision,
    f.area_code AS area_code
FROM final AS f
