-- 分学段经费:一行一单位、财政年度、学段、口径。
-- A row is spending of one unit, fiscal year, stage and basis, typed as received and placed in the present-day unit (area_code).
-- Source: return "finance_by_stage", see pipeline/intake/contracts/finance_by_stage.yaml; old unit codes through data_raw/<programme>/crosswalk.csv.
WITH received AS (
    SELECT
        t.unit_code AS unit_code,
        t.fiscal_year AS fiscal_year,
        t.stage AS stage,
        t.basis AS basis,
        t.spending_yuan AS spending_yuan,
        t.public_use_spending_yuan AS public_use_spending_yuan,
        t.avg_pupils AS avg_pupils,
        t.per_pupil_yuan AS per_pupil_yuan,
        t.per_pupil_public_use_yuan AS per_pupil_public_use_yuan,
        t.standard_yuan AS standard_yuan,
        t.same_basis_prev AS same_basis_prev,
        t.source_file AS source_file,
        t.source_sheet AS source_sheet,
        t.source_row AS source_row,
        t.period AS period,
        t.maturity AS maturity,
        t.origin AS origin,
        t.revision AS revision
    FROM raw.finance_by_stage AS t
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
        r.stage AS stage,
        r.basis AS basis,
        r.spending_yuan AS spending_yuan,
        r.public_use_spending_yuan AS public_use_spending_yuan,
        r.avg_pupils AS avg_pupils,
        r.per_pupil_yuan AS per_pupil_yuan,
        r.per_pupil_public_use_yuan AS per_pupil_public_use_yuan,
        r.standard_yuan AS standard_yuan,
        r.same_basis_prev AS same_basis_prev,
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
    f.stage AS stage,
    f.basis AS basis,
    f.spending_yuan AS spending_yuan,
    f.public_use_spending_yuan AS public_use_spending_yuan,
    f.avg_pupils AS avg_pupils,
    f.per_pupil_yuan AS per_pupil_yuan,
    f.per_pupil_public_use_yuan AS per_pupil_public_use_yuan,
    f.standard_yuan AS standard_yuan,
    f.same_basis_prev AS same_basis_prev,
    f.source_file AS source_file,
    f.source_sheet AS source_sheet,
    f.source_row AS source_row,
    f.period AS period,
    f.maturity AS maturity,
    f.origin AS origin,
    f.revision AS revision,
    f.area_code AS area_code
FROM final AS f
