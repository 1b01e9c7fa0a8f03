-- D11 分学段生均经费不低于同口径上年数(只增不减)。
-- A row is one unit, year, stage and basis with less spending per pupil than the year before.
SELECT
    'staging.finance_by_stage' AS table_name,
    n.source_file AS source_file,
    n.source_sheet AS source_sheet,
    n.source_row AS source_row,
    'per_pupil_yuan' AS column_name,
    CAST(n.per_pupil_yuan AS VARCHAR) AS value,
    n.area_code AS area_code,
    CAST(n.fiscal_year AS VARCHAR) AS period,
    CAST(b.per_pupil_yuan AS VARCHAR) AS expected,
    n.stage AS detail
FROM staging.finance_by_stage AS n
INNER JOIN staging.finance_by_stage AS b
    ON b.area_code = n.area_code AND b.stage = n.stage AND b.basis = n.basis AND b.fiscal_year = n.fiscal_year - 1
WHERE n.per_pupil_yuan < b.per_pupil_yuan
