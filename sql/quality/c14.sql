-- C14 市本级与各县(区)之和等于全市合计(扣除对下转移支付)。
-- A row is one year, basis and item whose total for the whole area, where it was handed in under the area's own code,
-- is not the sum of its units. What the municipal level passes down (对下转移支付) is spent again by the counties,
-- so it is taken from the sum of general public budget spending; no other item holds transfers.
WITH edition AS (
    SELECT e.area_code AS area_code
    FROM raw.edition AS e
),
received AS (
    SELECT
        f.fiscal_year AS fiscal_year,
        f.basis AS basis,
        f.item AS item,
        f.area_code = e.area_code AS is_whole,
        CAST(f.amount_yuan * 100 AS BIGINT) AS fen,
        f.source_file AS source_file,
        f.source_sheet AS source_sheet,
        f.source_row AS source_row
    FROM staging.county_finance AS f
    CROSS JOIN edition AS e
),
units AS (
    SELECT r.fiscal_year AS fiscal_year, r.basis AS basis, r.item AS item, CAST(SUM(r.fen) AS BIGINT) AS fen
    FROM received AS r
    WHERE NOT r.is_whole
    GROUP BY r.fiscal_year, r.basis, r.item
),
transfers AS (
    SELECT u.fiscal_year AS fiscal_year, u.basis AS basis, u.fen AS fen
    FROM units AS u
    WHERE u.item = '对下转移支付'
),
compared AS (
    SELECT
        r.fiscal_year AS fiscal_year,
        r.basis AS basis,
        r.item AS item,
        r.fen AS fen,
        COALESCE(u.fen, 0) - CASE WHEN r.item = '一般公共预算支出' THEN COALESCE(t.fen, 0) ELSE 0 END AS added,
        r.source_file AS source_file,
        r.source_sheet AS source_sheet,
        r.source_row AS source_row
    FROM received AS r
    LEFT JOIN units AS u ON u.fiscal_year = r.fiscal_year AND u.basis = r.basis AND u.item = r.item
    LEFT JOIN transfers AS t ON t.fiscal_year = r.fiscal_year AND t.basis = r.basis
    WHERE r.is_whole AND r.item <> '对下转移支付'
)
SELECT
    'staging.county_finance' AS table_name,
    c.source_file AS source_file,
    c.source_sheet AS source_sheet,
    c.source_row AS source_row,
    'amount_yuan' AS column_name,
    CAST(c.fen // 100 AS VARCHAR) || '.' || LPAD(CAST(c.fen % 100 AS VARCHAR), 2, '0') AS value,
    e.area_code AS area_code,
    CAST(c.fiscal_year AS VARCHAR) AS period,
    CAST(c.added // 100 AS VARCHAR) || '.' || LPAD(CAST(c.added % 100 AS VARCHAR), 2, '0') AS expected,
    c.item || ' ' || c.basis AS detail
FROM compared AS c
CROSS JOIN edition AS e
WHERE c.fen <> c.added
