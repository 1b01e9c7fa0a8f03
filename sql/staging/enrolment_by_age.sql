-- 分年龄在校生:一行一校、学段、年龄、性别。
-- A row is pupils of one school by stage, age and sex, typed as received and placed in the present-day unit (area_code).
-- Source: return "enrolment_by_age", see pipeline/intake/contracts/enrolment_by_age.yaml; old unit codes through data_raw/<programme>/crosswalk.csv.
WITH received AS (
    SELECT
        t.school_id AS school_id,
        t.school_year AS school_year,
        t.stage AS stage,
        t.age AS age,
        t.sex AS sex,
        t.pupils AS pupils,
        t.is_total AS is_total,
        t.source_file AS source_file,
        t.source_sheet AS source_sheet,
        t.source_row AS source_row,
        t.period AS period,
        t.maturity AS maturity,
        t.origin AS origin,
        t.revision AS revision
    FROM raw.enrolment_by_age AS t
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
        r.age AS age,
        r.sex AS sex,
        r.pupils AS pupils,
        r.is_total AS is_total,
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
    f.age AS age,
    f.sex AS sex,
    f.pupils AS pupils,
    f.is_total AS is_total,
    f.source_file AS source_file,
    f.source_sheet AS source_sheet,
    f.source_row AS source_row,
    f.period AS period,
    f.maturity AS maturity,
    f.origin AS origin,
    f.revision AS revision,
    f.area_code AS area_code
FROM final AS f
