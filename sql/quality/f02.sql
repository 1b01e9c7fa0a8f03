-- F02 每个单位、年度的3—17岁人口分男女逐岁齐全。
-- A row is one age and sex between 3 and 17 that a unit's population of one calendar year and basis lacks,
-- on a basis that the plan uses; the place is the first row of that population.
WITH ages AS (
    SELECT 3 AS age
    UNION ALL
    SELECT 4 AS age
    UNION ALL
    SELECT 5 AS age
    UNION ALL
    SELECT 6 AS age
    UNION ALL
    SELECT 7 AS age
    UNION ALL
    SELECT 8 AS age
    UNION ALL
    SELECT 9 AS age
    UNION ALL
    SELECT 10 AS age
    UNION ALL
    SELECT 11 AS age
    UNION ALL
    SELECT 12 AS age
    UNION ALL
    SELECT 13 AS age
    UNION ALL
    SELECT 14 AS age
    UNION ALL
    SELECT 15 AS age
    UNION ALL
    SELECT 16 AS age
    UNION ALL
    SELECT 17 AS age
),
sexes AS (
    SELECT '男' AS sex
    UNION ALL
    SELECT '女' AS sex
),
population AS (
    SELECT
        p.county_code AS county_code,
        p.area_code AS area_code,
        CAST(EXTRACT(YEAR FROM p.ref_date) AS BIGINT) AS calendar_year,
        p.basis AS basis,
        p.age AS age,
        p.sex AS sex,
        p.source_file AS source_file,
        p.source_sheet AS source_sheet,
        p.source_row AS source_row
    FROM staging.population_by_age AS p
    INNER JOIN raw.population_basis AS b ON b.basis = p.basis
),
numbered AS (
    SELECT
        p.county_code AS county_code,
        p.area_code AS area_code,
        p.calendar_year AS calendar_year,
        p.basis AS basis,
        p.source_file AS source_file,
        p.source_sheet AS source_sheet,
        p.source_row AS source_row,
        ROW_NUMBER() OVER (
            PARTITION BY p.county_code, p.calendar_year, p.basis
            ORDER BY p.source_file, p.source_sheet, p.source_row
        ) AS place
    FROM population AS p
),
present AS (
    SELECT
        p.county_code AS county_code,
        p.calendar_year AS calendar_year,
        p.basis AS basis,
        p.age AS age,
        p.sex AS sex
    FROM population AS p
    GROUP BY p.county_code, p.calendar_year, p.basis, p.age, p.sex
)
SELECT
    'staging.population_by_age' AS table_name,
    n.source_file AS source_file,
    n.source_sheet AS source_sheet,
    CAST(n.source_row AS INTEGER) AS source_row,
    'age' AS column_name,
    CAST(a.age AS VARCHAR) AS value,
    n.area_code AS area_code,
    CAST(n.calendar_year AS VARCHAR) AS period,
    x.sex AS expected,
    n.basis AS detail
FROM numbered AS n
CROSS JOIN ages AS a
CROSS JOIN sexes AS x
LEFT JOIN present AS p
    ON p.county_code = n.county_code AND p.calendar_year = n.calendar_year AND p.basis = n.basis
    AND p.age = a.age AND p.sex = x.sex
WHERE n.place = 1 AND p.age IS NULL
