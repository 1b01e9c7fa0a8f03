-- C16 生均经费在全市同学段中位数的 0.4—2.5 倍之间。
-- A row is one unit, year, stage and basis outside the band. The median is exact: the middle value, or the sum of the
-- two middle values, of spending per pupil in fen; everything is compared at twice its size.
WITH spent AS (
    SELECT
        s.area_code AS area_code,
        s.fiscal_year AS fiscal_year,
        s.stage AS stage,
        s.basis AS basis,
        CAST(s.per_pupil_yuan * 100 AS BIGINT) AS fen,
        s.source_file AS source_file,
        s.source_sheet AS source_sheet,
        s.source_row AS source_row
    FROM staging.finance_by_stage AS s
    WHERE s.per_pupil_yuan IS NOT NULL AND s.stage <> '其他'
),
ranked AS (
    SELECT
        s.fiscal_year AS fiscal_year,
        s.stage AS stage,
        s.basis AS basis,
        s.fen AS fen,
        ROW_NUMBER() OVER (
            PARTITION BY s.fiscal_year, s.stage, s.basis ORDER BY s.fen, s.area_code, s.source_file, s.source_row
        ) AS place,
        COUNT(*) OVER (PARTITION BY s.fiscal_year, s.stage, s.basis) AS units
    FROM spent AS s
),
median AS (
    SELECT r.fiscal_year AS fiscal_year, r.stage AS stage, r.basis AS basis,
        CAST(SUM(CASE WHEN 2 * r.place = r.units + 1 THEN 2 * r.fen ELSE r.fen END) AS BIGINT) AS twice
    FROM ranked AS r
    WHERE 2 * r.place IN (r.units, r.units + 1, r.units + 2)
        AND r.units >= 3
    GROUP BY r.fiscal_year, r.stage, r.basis
)
SELECT
    'staging.finance_by_stage' AS table_name,
    s.source_file AS source_file,
    s.source_sheet AS source_sheet,
    s.source_row AS source_row,
    'per_pupil_yuan' AS column_name,
    CAST(s.fen // 100 AS VARCHAR) AS value,
    s.area_code AS area_code,
    CAST(s.fiscal_year AS VARCHAR) AS period,
    CAST(m.twice // 200 AS VARCHAR) AS expected,
    s.stage AS detail
FROM spent AS s
INNER JOIN median AS m ON m.fiscal_year = s.fiscal_year AND m.stage = s.stage AND m.basis = s.basis
WHERE 2 * s.fen * CAST(1000000 AS DECIMAL(38, 0)) < m.twice * CAST($low_micro AS DECIMAL(38, 0))
    OR 2 * s.fen * CAST(1000000 AS DECIMAL(38, 0)) > m.twice * CAST($high_micro AS DECIMAL(38, 0))
