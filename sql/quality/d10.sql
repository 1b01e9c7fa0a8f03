-- D10 教育支出不低于上年,增幅不超过 25%(同一单位、口径)。
-- A row is one unit, year and basis with less education spending than the year before, or far more.
WITH spent AS (
    SELECT f.area_code AS area_code, f.fiscal_year AS fiscal_year, f.basis AS basis,
        CAST(SUM(f.amount_yuan * 100) AS BIGINT) AS fen, CAST(SUM(f.amount_yuan) AS VARCHAR) AS told,
        MIN(f.source_file) AS source_file, MIN(f.source_sheet) AS source_sheet,
        CASE WHEN COUNT(*) = 1 THEN MIN(f.source_row) END AS source_row
    FROM staging.county_finance AS f
    WHERE f.item = '教育支出'
    GROUP BY f.area_code, f.fiscal_year, f.basis
)
SELECT
    'staging.county_finance' AS table_name,
    n.source_file AS source_file,
    n.source_sheet AS source_sheet,
    n.source_row AS source_row,
    'amount_yuan' AS column_name,
    n.told AS value,
    n.area_code AS area_code,
    CAST(n.fiscal_year AS VARCHAR) AS period,
    b.told AS expected,
    n.basis AS detail,
    CASE WHEN n.fen < b.fen THEN 'falls' ELSE 'jumps' END AS variant
FROM spent AS n
INNER JOIN spent AS b ON b.area_code = n.area_code AND b.basis = n.basis AND b.fiscal_year = n.fiscal_year - 1
WHERE n.fen < b.fen
    OR (n.fen - b.fen) * CAST(100000000 AS DECIMAL(38, 0)) > b.fen * CAST($rise_percent_micro AS DECIMAL(38, 0))
