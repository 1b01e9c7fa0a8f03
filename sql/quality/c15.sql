-- C15 分学段经费合计与同口径教育支出相差不超过 2%。
-- A row is one unit, year and basis whose stages add up to another amount than its education spending.
WITH stages AS (
    SELECT
        s.area_code AS area_code,
        s.fiscal_year AS fiscal_year,
        s.basis AS basis,
        CAST(SUM(s.spending_yuan * 100) AS BIGINT) AS fen,
        MIN(s.source_file) AS source_file,
        MIN(s.source_sheet) AS source_sheet,
        MIN(s.source_row) AS source_row
    FROM staging.finance_by_stage AS s
    GROUP BY s.area_code, s.fiscal_year, s.basis
),
total AS (
    SELECT f.area_code AS area_code, f.fiscal_year AS fiscal_year, f.basis AS basis,
        CAST(SUM(f.amount_yuan * 100) AS BIGINT) AS fen
    FROM staging.county_finance AS f
    WHERE f.item = '教育支出'
    GROUP BY f.area_code, f.fiscal_year, f.basis
)
SELECT
    'staging.finance_by_stage' AS table_name,
    s.source_file AS source_file,
    s.source_sheet AS source_sheet,
    s.source_row AS source_row,
    'spending_yuan' AS column_name,
    CAST(s.fen // 100 AS VARCHAR) AS value,
    s.area_code AS area_code,
    CAST(s.fiscal_year AS VARCHAR) AS period,
    CAST(t.fen // 100 AS VARCHAR) AS expected,
    s.basis AS detail
FROM stages AS s
INNER JOIN total AS t ON t.area_code = s.area_code AND t.fiscal_year = s.fiscal_year AND t.basis = s.basis
WHERE ABS(s.fen - t.fen) * CAST(100000000 AS DECIMAL(38, 0)) > t.fen * CAST($tolerance_percent_micro AS DECIMAL(38, 0))
