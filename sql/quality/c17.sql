-- C17 金额单位:各单位生均教育支出与全市中位数相差不到 50 倍,否则疑为元、万元写错。
-- A row is one unit, year and basis whose education spending per pupil (all stages, 1 September of the year) is so far
-- from the median of the units that its unit of money must be wrong.
WITH pupils AS (
    SELECT e.area_code AS area_code, e.school_year AS school_year, CAST(SUM(e.pupils) AS BIGINT) AS pupils
    FROM staging.enrolment_by_grade AS e
    WHERE NOT e.is_total
    GROUP BY e.area_code, e.school_year
),
spent AS (
    SELECT
        f.area_code AS area_code,
        f.fiscal_year AS fiscal_year,
        f.basis AS basis,
        f.unit_in AS unit_in,
        CAST(f.amount_yuan AS BIGINT) // p.pupils AS yuan,
        f.amount_yuan AS amount_yuan,
        f.source_file AS source_file,
        f.source_sheet AS source_sheet,
        f.source_row AS source_row
    FROM staging.county_finance AS f
    INNER JOIN pupils AS p ON p.area_code = f.area_code AND p.school_year = f.fiscal_year AND p.pupils > 0
    WHERE f.item = '教育支出'
),
ranked AS (
    SELECT s.fiscal_year AS fiscal_year, s.basis AS basis, s.yuan AS yuan,
        ROW_NUMBER() OVER (
            PARTITION BY s.fiscal_year, s.basis ORDER BY s.yuan, s.area_code, s.source_file, s.source_row
        ) AS place,
        COUNT(*) OVER (PARTITION BY s.fiscal_year, s.basis) AS units
    FROM spent AS s
),
median AS (
    SELECT r.fiscal_year AS fiscal_year, r.basis AS basis, MIN(r.yuan) AS yuan
    FROM ranked AS r
    WHERE 2 * r.place >= r.units + 1 AND r.units >= 3
    GROUP BY r.fiscal_year, r.basis
)
SELECT
    'staging.county_finance' AS table_name,
    s.source_file AS source_file,
    s.source_sheet AS source_sheet,
    s.source_row AS source_row,
    'amount_yuan' AS column_name,
    CAST(s.amount_yuan AS VARCHAR) AS value,
    s.area_code AS area_code,
    CAST(s.fiscal_year AS VARCHAR) AS period,
    s.unit_in AS expected,
    CAST(s.yuan AS VARCHAR) AS detail
FROM spent AS s
INNER JOIN median AS m ON m.fiscal_year = s.fiscal_year AND m.basis = s.basis
WHERE s.yuan * 1000000 > m.yuan * CAST($factor_micro AS BIGINT) OR m.yuan * 1000000 > s.yuan * CAST($factor_micro AS BIGINT)
