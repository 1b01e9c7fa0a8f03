-- C13 教育支出不大于一般公共预算支出,两项都有。
-- A row is one unit, fiscal year and basis whose education spending exceeds its general public budget
-- spending, or of which only one of the two was reported (variant missing). A basis with neither, such as the budget of
-- a fund on its own, has nothing to compare.
-- Statistics of education funds (教育经费统计) hold no general budget total and are left out.
WITH finance AS (
    SELECT
        f.area_code AS area_code,
        f.fiscal_year AS fiscal_year,
        f.basis AS basis,
        f.item AS item,
        f.amount_yuan AS amount_yuan,
        f.source_file AS source_file,
        f.source_sheet AS source_sheet,
        f.source_row AS source_row
    FROM staging.county_finance AS f
    CROSS JOIN raw.edition AS e
    WHERE f.basis IN ('决算', '预算', '快报') AND f.area_code <> e.area_code
),
added AS (
    SELECT
        f.area_code AS area_code,
        f.fiscal_year AS fiscal_year,
        f.basis AS basis,
        SUM(CASE WHEN f.item = '教育支出' THEN f.amount_yuan END) AS education,
        SUM(CASE WHEN f.item = '一般公共预算支出' THEN f.amount_yuan END) AS general
    FROM finance AS f
    GROUP BY f.area_code, f.fiscal_year, f.basis
),
wrong AS (
    SELECT
        a.area_code AS area_code,
        a.fiscal_year AS fiscal_year,
        a.basis AS basis,
        a.education AS education,
        a.general AS general,
        CASE WHEN a.education IS NULL OR a.general IS NULL THEN 'missing' ELSE '' END AS variant
    FROM added AS a
    WHERE (a.education IS NULL) <> (a.general IS NULL) OR a.education > a.general
),
placed AS (
    SELECT
        w.area_code AS area_code,
        w.fiscal_year AS fiscal_year,
        w.education AS education,
        w.general AS general,
        w.variant AS variant,
        f.item AS item,
        f.source_file AS source_file,
        f.source_sheet AS source_sheet,
        f.source_row AS source_row,
        ROW_NUMBER() OVER (
            PARTITION BY w.area_code, w.fiscal_year, w.basis
            ORDER BY f.source_file, f.source_sheet, f.source_row
        ) AS place
    FROM wrong AS w
    INNER JOIN finance AS f
        ON f.area_code = w.area_code AND f.fiscal_year = w.fiscal_year AND f.basis = w.basis
        AND (f.item = '教育支出' OR (w.variant = 'missing' AND f.item = '一般公共预算支出'))
)
SELECT
    'staging.county_finance' AS table_name,
    p.source_file AS source_file,
    p.source_sheet AS source_sheet,
    p.source_row AS source_row,
    CASE WHEN p.variant = 'missing' THEN 'item' ELSE 'amount_yuan' END AS column_name,
    CASE WHEN p.variant = 'missing' THEN p.item ELSE CAST(p.education AS VARCHAR) END AS value,
    p.area_code AS area_code,
    CAST(p.fiscal_year AS VARCHAR) AS period,
    CASE
        WHEN p.variant = '' THEN CAST(p.general AS VARCHAR)
        WHEN p.education IS NULL THEN '教育支出'
        ELSE '一般公共预算支出'
    END AS expected,
    '' AS detail,
    p.variant AS variant
FROM placed AS p
WHERE p.place = 1
