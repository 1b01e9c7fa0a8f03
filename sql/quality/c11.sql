-- C11 普查年单岁人口之和等于普查年龄段。
-- A row is one unit, sex and census band whose single ages (basis 常住普查) do not add up to the census.
-- Bands are compared as far as the single ages of that census reach.
WITH edition AS (
    SELECT e.area_code AS area_code
    FROM raw.edition AS e
),
bands AS (
    SELECT '0' AS age_band, 0 AS first_age, 0 AS last_age
    UNION ALL
    SELECT '1-4' AS age_band, 1 AS first_age, 4 AS last_age
    UNION ALL
    SELECT '5-9' AS age_band, 5 AS first_age, 9 AS last_age
    UNION ALL
    SELECT '10-14' AS age_band, 10 AS first_age, 14 AS last_age
    UNION ALL
    SELECT '15-19' AS age_band, 15 AS first_age, 19 AS last_age
    UNION ALL
    SELECT '20-24' AS age_band, 20 AS first_age, 24 AS last_age
),
single AS (
    SELECT
        p.area_code AS area_code,
        CAST(EXTRACT(YEAR FROM p.ref_date) AS BIGINT) AS census_year,
        p.sex AS sex,
        p.age AS age,
        p.population AS population,
        p.source_file AS source_file,
        p.source_sheet AS source_sheet,
        p.source_row AS source_row
    FROM staging.population_by_age AS p
    WHERE p.basis = '常住普查'
),
reach AS (
    SELECT s.census_year AS census_year, MIN(s.age) AS first_age, MAX(s.age) AS last_age
    FROM single AS s
    GROUP BY s.census_year
),
census AS (
    SELECT
        c.area_code AS area_code,
        c.census_year AS census_year,
        c.sex AS sex,
        b.age_band AS age_band,
        SUM(c.population) AS population
    FROM staging.census_population AS c
    INNER JOIN bands AS b ON b.age_band = c.age_band
    INNER JOIN reach AS r
        ON r.census_year = c.census_year AND b.first_age >= r.first_age AND b.last_age <= r.last_age
    GROUP BY c.area_code, c.census_year, c.sex, b.age_band
),
census_years AS (
    SELECT c.census_year AS census_year
    FROM census AS c
    GROUP BY c.census_year
),
added AS (
    SELECT
        s.area_code AS area_code,
        s.census_year AS census_year,
        s.sex AS sex,
        b.age_band AS age_band,
        SUM(s.population) AS population,
        MIN(s.source_file) AS source_file,
        MIN(s.source_sheet) AS source_sheet,
        MIN(s.source_row) AS source_row
    FROM single AS s
    INNER JOIN bands AS b ON s.age BETWEEN b.first_age AND b.last_age
    INNER JOIN reach AS r
        ON r.census_year = s.census_year AND b.first_age >= r.first_age AND b.last_age <= r.last_age
    INNER JOIN census_years AS y ON y.census_year = s.census_year
    GROUP BY s.area_code, s.census_year, s.sex, b.age_band
),
compared AS (
    SELECT
        COALESCE(c.area_code, a.area_code) AS area_code,
        COALESCE(c.census_year, a.census_year) AS census_year,
        COALESCE(c.sex, a.sex) AS sex,
        COALESCE(c.age_band, a.age_band) AS age_band,
        CAST(COALESCE(a.population, 0) AS BIGINT) AS added,
        CAST(COALESCE(c.population, 0) AS BIGINT) AS census,
        a.source_file AS source_file,
        a.source_sheet AS source_sheet,
        a.source_row AS source_row
    FROM census AS c
    FULL JOIN added AS a
        ON a.area_code = c.area_code AND a.census_year = c.census_year AND a.sex = c.sex
        AND a.age_band = c.age_band
)
SELECT
    'staging.population_by_age' AS table_name,
    c.source_file AS source_file,
    c.source_sheet AS source_sheet,
    CAST(c.source_row AS INTEGER) AS source_row,
    'population' AS column_name,
    CAST(c.added AS VARCHAR) AS value,
    c.area_code AS area_code,
    CAST(c.census_year AS VARCHAR) AS period,
    CAST(c.census AS VARCHAR) AS expected,
    CAST(c.census_year AS VARCHAR) || ' ' || c.sex || ' ' || c.age_band AS detail
FROM compared AS c
CROSS JOIN edition AS e
WHERE c.added <> c.census AND c.area_code <> e.area_code
