-- C12 同一时点常住人口与户籍人口之比在 0.6—1.4 之间。
-- A row is one unit and date on which both were handed in and their ratio over the ages of both is outside the band.
-- Of a census year that has both kinds of residents the census counts: they are the same people, never added up.
WITH by_age AS (
    SELECT
        p.area_code AS area_code,
        p.ref_date AS ref_date,
        p.age AS age,
        p.sex AS sex,
        COALESCE(
            SUM(CASE WHEN p.basis = '常住普查' THEN p.population END),
            SUM(CASE WHEN p.basis = '常住年报' THEN p.population END)
        ) AS resident,
        SUM(CASE WHEN p.basis = '户籍' THEN p.population END) AS registered,
        MIN(CASE WHEN p.basis = '户籍' THEN p.source_file END) AS source_file,
        MIN(CASE WHEN p.basis = '户籍' THEN p.source_sheet END) AS source_sheet
    FROM staging.population_by_age AS p
    WHERE p.basis IN ('常住年报', '常住普查', '户籍')
    GROUP BY p.area_code, p.ref_date, p.age, p.sex
),
compared AS (
    SELECT
        b.area_code AS area_code,
        b.ref_date AS ref_date,
        CAST(SUM(b.resident) AS BIGINT) AS resident,
        CAST(SUM(b.registered) AS BIGINT) AS registered,
        MIN(b.source_file) AS source_file,
        MIN(b.source_sheet) AS source_sheet,
        CAST(NULL AS INTEGER) AS source_row
    FROM by_age AS b
    WHERE b.resident IS NOT NULL AND b.registered IS NOT NULL
    GROUP BY b.area_code, b.ref_date
)
SELECT
    'staging.population_by_age' AS table_name,
    c.source_file AS source_file,
    c.source_sheet AS source_sheet,
    c.source_row AS source_row,
    'population' AS column_name,
    CAST(c.resident AS VARCHAR) AS value,
    c.area_code AS area_code,
    CAST(EXTRACT(YEAR FROM c.ref_date) AS VARCHAR) AS period,
    CAST(c.registered AS VARCHAR) AS expected,
    '' AS detail
FROM compared AS c
WHERE c.resident * 1000000 < c.registered * CAST($low_micro AS BIGINT)
    OR c.resident * 1000000 > c.registered * CAST($high_micro AS BIGINT)
