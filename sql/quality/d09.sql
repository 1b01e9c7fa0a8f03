-- D09 人口口径与上年相同。
-- A row is one year in which units went from one basis of the population to another, of those that the plan uses
-- (the first in its order that a unit has); value and expected are the bases of the year and of the year before.
-- One row for all units that changed in the same way; the area is theirs where there is only one.
WITH edition AS (
    SELECT e.area_code AS area_code
    FROM raw.edition AS e
),
held AS (
    SELECT
        p.area_code AS area_code,
        EXTRACT(YEAR FROM p.ref_date) AS year,
        p.basis AS basis,
        b.priority AS priority,
        MIN(p.source_file) AS source_file
    FROM staging.population_by_age AS p
    INNER JOIN raw.population_basis AS b ON b.basis = p.basis
    GROUP BY p.area_code, EXTRACT(YEAR FROM p.ref_date), p.basis, b.priority
),
ranked AS (
    SELECT
        h.area_code AS area_code,
        h.year AS year,
        h.basis AS basis,
        h.source_file AS source_file,
        ROW_NUMBER() OVER (PARTITION BY h.area_code, h.year ORDER BY h.priority, h.basis) AS place
    FROM held AS h
),
used AS (
    SELECT r.area_code AS area_code, r.year AS year, r.basis AS basis, r.source_file AS source_file
    FROM ranked AS r
    WHERE r.place = 1
),
changed AS (
    SELECT
        n.year AS year,
        n.basis AS basis,
        b.basis AS before_basis,
        COUNT(n.area_code) AS units,
        MIN(n.area_code) AS area_code,
        MIN(n.source_file) AS source_file
    FROM used AS n
    INNER JOIN used AS b ON b.area_code = n.area_code AND b.year = n.year - 1
    WHERE b.basis <> n.basis
    GROUP BY n.year, n.basis, b.basis
)
SELECT
    'staging.population_by_age' AS table_name,
    c.source_file AS source_file,
    '' AS source_sheet,
    CAST(NULL AS INTEGER) AS source_row,
    'basis' AS column_name,
    c.basis AS value,
    CASE WHEN c.units = 1 THEN c.area_code ELSE e.area_code END AS area_code,
    CAST(c.year AS VARCHAR) AS period,
    c.before_basis AS expected,
    CAST(c.units AS VARCHAR) AS detail
FROM changed AS c
CROSS JOIN edition AS e
