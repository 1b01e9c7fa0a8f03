-- F07 有教育支出的单位,上年和当年均有学生数。
-- A row is one unit and fiscal year with the plan's money but without pupils in the school year before (variant
-- previous) or of the year itself (blank): the unit and its money would be left out of the total. Only years of
-- which, and of the year before, there is a school register.
WITH edition AS (
    SELECT
        e.finance_item AS finance_item,
        e.finance_basis AS finance_basis,
        e.pupil_scope AS pupil_scope
    FROM raw.edition AS e
),
register_years AS (
    SELECT s.school_year AS school_year
    FROM staging.school_register AS s
    GROUP BY s.school_year
),
pupil_rows AS (
    SELECT
        k.payer_code AS unit_code,
        k.is_public AS is_public,
        k.school_year AS school_year,
        k.children AS pupils
    FROM core.kindergarten AS k
    UNION ALL
    SELECT
        n.payer_code AS unit_code,
        n.is_public AS is_public,
        n.school_year AS school_year,
        n.pupils AS pupils
    FROM core.enrolment AS n
),
pupils AS (
    SELECT
        r.unit_code AS unit_code,
        r.school_year AS school_year,
        SUM(r.pupils) AS pupils
    FROM pupil_rows AS r
    CROSS JOIN edition AS e
    WHERE e.pupil_scope = 'all' OR r.is_public
    GROUP BY r.unit_code, r.school_year
),
money AS (
    SELECT
        f.unit_code AS unit_code,
        f.fiscal_year AS fiscal_year
    FROM core.finance AS f
    INNER JOIN edition AS e ON e.finance_item = f.item AND e.finance_basis = f.basis
    INNER JOIN register_years AS o ON o.school_year = f.fiscal_year - 1
    INNER JOIN register_years AS n ON n.school_year = f.fiscal_year
),
needed AS (
    SELECT
        m.unit_code AS unit_code,
        m.fiscal_year AS fiscal_year,
        m.fiscal_year AS school_year,
        '' AS variant
    FROM money AS m
    UNION ALL
    SELECT
        m.unit_code AS unit_code,
        m.fiscal_year AS fiscal_year,
        m.fiscal_year - 1 AS school_year,
        'previous' AS variant
    FROM money AS m
),
places AS (
    SELECT
        s.area_code AS unit_code,
        s.fiscal_year AS fiscal_year,
        s.source_file AS source_file,
        s.source_sheet AS source_sheet,
        s.source_row AS source_row,
        ROW_NUMBER() OVER (
            PARTITION BY s.area_code, s.fiscal_year ORDER BY s.source_file, s.source_sheet, s.source_row
        ) AS place
    FROM staging.county_finance AS s
    INNER JOIN edition AS e ON e.finance_item = s.item AND e.finance_basis = s.basis
)
SELECT
    'staging.county_finance' AS table_name,
    COALESCE(s.source_file, '') AS source_file,
    COALESCE(s.source_sheet, '') AS source_sheet,
    CAST(s.source_row AS INTEGER) AS source_row,
    'unit_code' AS column_name,
    n.unit_code AS value,
    n.unit_code AS area_code,
    CAST(n.fiscal_year AS VARCHAR) AS period,
    '' AS expected,
    CAST(n.school_year AS VARCHAR) AS detail,
    n.variant AS variant
FROM needed AS n
LEFT JOIN pupils AS p ON p.unit_code = n.unit_code AND p.school_year = n.school_year
LEFT JOIN places AS s ON s.unit_code = n.unit_code AND s.fiscal_year = n.fiscal_year AND s.place = 1
WHERE COALESCE(p.pupils, 0) = 0
