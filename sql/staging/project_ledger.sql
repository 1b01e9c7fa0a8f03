-- 项目台账:一行一个项目,每年一份全表。
-- A row is one project as it stood at the end of one year, typed as received and placed in the present-day unit (area_code).
-- Source: return "project_ledger", see pipeline/intake/contracts/project_ledger.yaml; old unit codes through data_raw/<programme>/crosswalk.csv.
WITH received AS (
    SELECT
        t.project_id AS project_id,
        t.title AS title,
        t.county_code AS county_code,
        t.planned_end AS planned_end,
        t.actual_end AS actual_end,
        t.document_no AS document_no,
        t.stage AS stage,
        t.source_file AS source_file,
        t.source_sheet AS source_sheet,
        t.source_row AS source_row,
        t.period AS period,
        t.maturity AS maturity,
        t.origin AS origin,
        t.revision AS revision
    FROM raw.project_ledger AS t
),
crosswalk AS (
    SELECT
        c.old_code AS old_code,
        c.new_code AS new_code
    FROM raw.crosswalk AS c
),
final AS (
    SELECT
        r.project_id AS project_id,
        r.title AS title,
        r.county_code AS county_code,
        r.planned_end AS planned_end,
        r.actual_end AS actual_end,
        r.document_no AS document_no,
        r.stage AS stage,
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
    f.project_id AS project_id,
    f.title AS title,
    f.county_code AS county_code,
    f.planned_end AS planned_end,
    f.actual_end AS actual_end,
    f.document_no AS document_no,
    f.stage AS stage,
    f.source_file AS source_file,
    f.source_sheet AS source_sheet,
    f.source_row AS source_row,
    f.period AS period,
    f.maturity AS maturity,
    f.origin AS origin,
    f.revision AS revision,
    f.area_code AS area_code
FROM final AS f
