-- F03 每个单位、年度、口径的人口只有一个时点。
-- A row is one further reference date of a unit's population in a calendar year and basis; its place is the
-- first row of that date, expected is the first date. The dates of a year would be added up.
WITH dates AS (
    SELECT
        p.area_code AS area_code,
        CAST(EXTRACT(YEAR FROM p.ref_date) AS BIGINT) AS calendar_year,
        p.basis AS basis,
        p.ref_date AS ref_date,
        p.source_file AS source_file,
        p.source_sheet AS source_sheet,
        p.source_row AS source_row,
        ROW_NUMBER() OVER (
            PARTITION BY p.area_code, p.basis, p.ref_date
            ORDER BY p.source_file, p.source_sheet, p.source_row
        ) AS place
    FROM staging.population_by_age AS p
),
firsts AS (
    SELECT
        d.area_code AS area_code,
        d.calendar_year AS calendar_year,
        d.basis AS basis,
        MIN(d.ref_date) AS ref_date
    FROM dates AS d
    GROUP BY d.area_code, d.calendar_year, d.basis
)
SELECT
    'staging.population_by_age' AS table_name,
    d.source_file AS source_file,
    d.source_sheet AS source_sheet,
    CAST(d.source_row AS INTEGER) AS source_row,
    'ref_date' AS column_name,
    CAST(d.ref_date AS VARCHAR) AS value,
    d.area_code AS area_code,
    CAST(d.calendar_year AS VARCHAR) AS period,
    CAST(f.ref_date AS VARCHAR) AS expected,
    d.basis AS detail
FROM dates AS d
INNER JOIN firsts AS f
    ON f.area_code = d.area_code AND f.calendar_year = d.calendar_year AND f.basis = d.basis
WHERE d.place = 1 AND d.ref_date <> f.ref_date
