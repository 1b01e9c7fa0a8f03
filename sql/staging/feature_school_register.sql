-- 特色、示范认定:一行一个认定,每学年一份全表。
-- A row is one recognition as it stood in one school year, typed as received and placed in the present-day unit (area_code).
-- Source: return "feature_school_register", see pipeline/intake/contracts/feature_school_register.yaml; old unit codes through data_raw/<programme>/crosswalk.csv.
WITH received AS (
    SELECT
        t.school_id AS school_id,
        t.label AS label,
        t.level AS level,
        t.stage AS stage,
        t.date_from AS date_from,
        t.date_to AS date_to,
        t.document_no AS document_no,
        t.source_file AS source_file,
        t.source_sheet AS source_sheet,
        t.source_row AS source_row,
        t.period AS period,
        t.maturity AS maturity,
        t.origin AS origin,
        t.revision AS revision
    FROM raw.feature_school_register AS t
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
        r.label AS label,
        r.level AS level,
        r.stage AS stage,
        r.date_from AS date_from,
        r.date_to AS date_to,
        r.document_no AS document_no,
        r.source_file AS source_file,
        r.source_sheet AS source_sheet,
        r.source_row AS source_row,
        r.period AS period,
        r.maturity AS maturity,
        r.origin AS origin,
        r.revision AS revision,
        g.county_code AS area_code
    FROM received AS r
    LEFT JOIN register AS g ON g.school_id = r.school_id AND g.school_year = r.period
)
SELECT
    f.school_id AS school_id,
    f.label AS label,
    f.level AS level,
    f.stage AS stage,
    f.date_from AS date_from,
    f.date_to AS date_to,
    f.document_no AS document_no,
    f.source_file AS source_file,
    f.source_sheet AS source_sheet,
    f.source_row AS source_row,
    f.period AS period,
    f.maturity AS maturity,
    f.origin AS origin,
    f.revision AS revision,
    f.area_code AS area_code
FROM final AS f
