-- 财政收支:一行一单位、财政年度、科目、口径,单位为分。
-- A row is one budget item of one unit and fiscal year in fen (hundredths of a yuan), so that sums stay whole numbers.
-- A total handed in under the code of the whole area is only checked (C14), never added up.
-- 'preliminary' sorts after 'final', so the largest text is the less mature one.
WITH whole AS (
    SELECT a.area_code AS area_code
    FROM core.area AS a
    WHERE a.unit_role = 'whole'
    GROUP BY a.area_code
)
SELECT
    f.area_code AS unit_code,
    f.fiscal_year AS fiscal_year,
    f.item AS item,
    f.basis AS basis,
    CAST(SUM(f.amount_yuan * 100) AS BIGINT) AS amount_fen,
    MAX(f.maturity) AS maturity
FROM staging.county_finance AS f
LEFT JOIN whole AS w ON w.area_code = f.area_code
WHERE w.area_code IS NULL
GROUP BY f.area_code, f.fiscal_year, f.item, f.basis
