-- D08 a 岁人口(今年)与 a-1 岁人口(上年)相差不超过 8%(同一单位、口径,男女合计)。
-- A row is one unit, basis and age that is too far from the same people a year younger. Cohorts under the smallest
-- size are not compared, nor ages after school, when young people leave to study.
WITH by_age AS (
    SELECT p.area_code AS area_code, p.basis AS basis, EXTRACT(YEAR FROM p.ref_date) AS year, p.age AS age,
        CAST(SUM(p.population) AS BIGINT) AS population, MIN(p.source_file) AS source_file,
        MIN(p.source_sheet) AS source_sheet, MIN(p.source_row) AS source_row
    FROM staging.population_by_age AS p
    GROUP BY p.area_code, p.basis, EXTRACT(YEAR FROM p.ref_date), p.age
)
SELECT
    'staging.population_by_age' AS table_name,
    n.source_file AS source_file,
    n.source_sheet AS source_sheet,
    n.source_row AS source_row,
    'population' AS column_name,
    CAST(n.population AS VARCHAR) AS value,
    n.area_code AS area_code,
    CAST(n.year AS VARCHAR) AS period,
    CAST(b.population AS VARCHAR) AS expected,
    CAST(n.age AS VARCHAR) AS detail
FROM by_age AS n
INNER JOIN by_age AS b
    ON b.area_code = n.area_code AND b.basis = n.basis AND b.year = n.year - 1 AND b.age = n.age - 1
WHERE b.population * 1000000 >= CAST($smallest_micro AS BIGINT)
    AND n.age * 1000000 <= CAST($oldest_age_micro AS BIGINT)
    AND ABS(n.population - b.population) * 100000000 > b.population * CAST($change_percent_micro AS BIGINT)
