-- 学龄人口:一行一县、学年、年龄组,按方案规定的口径顺序取一种。
-- A row is the population of one age group in one unit, on the first basis of the plan's order that was received.
-- Ages are completed years: 3-5 pre-school, 6-11 primary, 12-14 junior, 15-17 upper secondary.
WITH population AS (
    SELECT
        p.area_code AS area_code,
        CAST(EXTRACT(YEAR FROM p.ref_date) AS BIGINT) AS school_year,
        p.basis AS basis,
        p.age AS age,
        p.population AS population
    FROM staging.population_by_age AS p
),
grouped AS (
    SELECT
        p.area_code AS area_code,
        p.school_year AS school_year,
        p.basis AS basis,
        CASE
            WHEN p.age BETWEEN 3 AND 5 THEN '3-5'
            WHEN p.age BETWEEN 6 AND 11 THEN '6-11'
            WHEN p.age BETWEEN 12 AND 14 THEN '12-14'
            WHEN p.age BETWEEN 15 AND 17 THEN '15-17'
        END AS age_group,
        SUM(p.population) AS population
    FROM population AS p
    WHERE p.age BETWEEN 3 AND 17
    GROUP BY
        p.area_code,
        p.school_year,
        p.basis,
        CASE
            WHEN p.age BETWEEN 3 AND 5 THEN '3-5'
            WHEN p.age BETWEEN 6 AND 11 THEN '6-11'
            WHEN p.age BETWEEN 12 AND 14 THEN '12-14'
            WHEN p.age BETWEEN 15 AND 17 THEN '15-17'
        END
),
bases AS (
    SELECT
        b.basis AS basis,
        b.priority AS priority
    FROM raw.population_basis AS b
),
ranked AS (
    SELECT
        g.area_code AS area_code,
        g.school_year AS school_year,
        g.age_group AS age_group,
        g.basis AS basis,
        g.population AS population,
        ROW_NUMBER() OVER (
            PARTITION BY g.area_code, g.school_year, g.age_group ORDER BY b.priority, g.basis
        ) AS choice
    FROM grouped AS g
    INNER JOIN bases AS b ON b.basis = g.basis
)
SELECT
    r.area_code AS area_code,
    r.school_year AS school_year,
    r.age_group AS age_group,
    CAST(r.population AS BIGINT) AS population,
    r.basis AS basis
FROM ranked AS r
WHERE r.choice = 1
