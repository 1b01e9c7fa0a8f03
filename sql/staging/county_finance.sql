-- 财政收支:一行一单位、年度、科目、口径,单位元。
-- A row is one budget item of one unit and fiscal year, in yuan, typed as received and placed in the present-day unit (area_code).
-- Source: return "county_finance", see pipeline/intake/contracts/county_finance.yaml; old unit codes through data_raw/<programme>/crosswalk.csv.
WITH received AS (
    SELECT
        t.unit_code AS unit_code,
        t.fiscal_year AS fiscal_year,
        t.item AS item,
        t.basis AS basis,
        t.amount_yuan AS amount_yuan,
        t.unit_in AS unit_in,
        t.source_file AS source_file,
        t.source_sheet AS source_sheet,
        t.source_row AS source_row,
        t.period AS period,
        t.maturity AS maturity,
        t.origin AS origin,
        t.revision AS revision
    FROM raw.county_finance AS t
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
        r.fiscal_year AS fiscal_year,
        r.item AS item,
        r.basis AS basis,
        r.amount_yuan AS amount_yuan,
        r.unit_in AS unit_in,
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
    f.fiscal_year AS fiscal_year,
    f.item AS item,
    f.basis AS basis,
    f.amount_yuan AS amount_yuan,
    f.unit_in AS unit_in,
    f.source_file AS source_file,
    f.source_sheet AS source_sheet,
    f.source_row AS source_row,
    f.period AS period,
    f.maturity AS maturity,
    f.origin AS origin,
    f.revision AS revision,
    f.area_code AS area_code
FROM final AS f
