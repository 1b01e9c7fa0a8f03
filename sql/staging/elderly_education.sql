-- 老年、社区教育:一行一单位、年度、层级。
-- A row is education of the elderly of one unit, year and level, typed as received and placed in the present-day unit (area_code).
-- Source: return "elderly_education", see pipeline/intake/contracts/elderly_education.yaml; old unit codes through data_raw/<programme>/crosswalk.csv.
WITH received AS (
    SELECT
        t.unit_code AS unit_code,
        t.calendar_year AS calendar_year,
        t.level AS level,
        t.units AS units,
        t.with_institution AS with_institution,
        t.universities AS universities,
        t.source_file AS source_file,
        t.source_sheet AS source_sheet,
        t.source_row AS source_row,
        t.period AS period,
        t.maturity AS maturity,
        t.origin AS origin,
        t.revision AS revision
    FROM raw.elderly_education AS t
),
crosswalk AS (
    SELECT
        c.old_code AS old_code,
        c.new_code AS new_code
    FROM raw.crosswalk AS c
),
final AS (
    SELECT
        r.unit_code AS unit_code,
        r.calendar_year AS calendar_year,
        r.level AS level,
        r.units AS units,
        r.with_institution AS with_institution,
        r.universities AS universities,
        r.source_file AS source_file,
        r.source_sheet AS source_sheet,
        r.source_row AS source_row,
        r.period AS period,
        r.maturity AS maturity,
        r.origin AS origin,
        r.revision AS revision,
        COALESCE(x.new_code, r.unit_code) AS area_code
    FROM received AS r
    LEFT JOIN crosswalk AS x ON x.old_code = r.unit_code
)
SELECT
    f.unit_code AS unit_code,
    f.calendar_year AS calendar_year,
    f.level AS level,
    f.units AS units,
    f.with_institution AS with_institution,
    f.universities AS universities,
    f.source_file AS source_file,
    f.source_sheet AS source_sheet,
    f.source_row AS source_row,
    f.period AS period,
    f.maturity AS maturity,
    f.origin AS origin,
    f.revision AS revision,
    f.area_code AS area_code
FROM final AS f
