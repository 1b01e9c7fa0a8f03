-- 核定值、公布值:一行一指标、单位、分组、年度。
-- A row is one certified or published value, typed as received and placed in the present-day unit (area_code).
-- Source: return "certified_values", see pipeline/intake/contracts/certified_values.yaml; old unit codes through data_raw/<programme>/crosswalk.csv.
WITH received AS (
    SELECT
        t.indicator_id AS indicator_id,
        t.unit_code AS unit_code,
        t.segment AS segment,
        t.period_type AS period_type,
        t.period_year AS period_year,
        t.value AS value,
        t.unit AS unit,
        t.basis AS basis,
        t.same_basis_previous AS same_basis_previous,
        t.same_basis_change_pct AS same_basis_change_pct,
        t.letter_no AS letter_no,
        t.source_title AS source_title,
        t.certified_on AS certified_on,
        t.source_file AS source_file,
        t.source_sheet AS source_sheet,
        t.source_row AS source_row,
        t.period AS period,
        t.maturity AS maturity,
        t.origin AS origin,
        t.revision AS revision
    FROM raw.certified_values AS t
),
crosswalk AS (
    SELECT
        c.old_code AS old_code,
        c.new_code AS new_code
    FROM raw.crosswalk AS c
),
final AS (
    SELECT
        r.indicator_id AS indicator_id,
        r.unit_code AS unit_code,
        r.segment AS segment,
        r.period_type AS period_type,
        r.period_year AS period_year,
        r.value AS value,
        r.unit AS unit,
        r.basis AS basis,
        r.same_basis_previous AS same_basis_previous,
        r.same_basis_change_pct AS same_basis_change_pct,
        r.letter_no AS letter_no,
        r.source_title AS source_title,
        r.certified_on AS certified_on,
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
    f.indicator_id AS indicator_id,
    f.unit_code AS unit_code,
    f.segment AS segment,
    f.period_type AS period_type,
    f.period_year AS period_year,
    f.value AS value,
    f.unit AS unit,
    f.basis AS basis,
    f.same_basis_previous AS same_basis_previous,
    f.same_basis_change_pct AS same_basis_change_pct,
    f.letter_no AS letter_no,
    f.source_title AS source_title,
    f.certified_on AS certified_on,
    f.source_file AS source_file,
    f.source_sheet AS source_sheet,
    f.source_row AS source_row,
    f.period AS period,
    f.maturity AS maturity,
    f.origin AS origin,
    f.revision AS revision,
    f.area_code AS area_code
FROM final AS f
