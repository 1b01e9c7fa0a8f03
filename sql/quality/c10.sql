-- C10 学前教育毛入园率在常规范围内(县区)。
-- A row is one unit and school year whose children in kindergarten over the population aged 3-5 leave
-- the band.
WITH edition AS (
    SELECT e.area_code AS area_code
    FROM raw.edition AS e
),
children AS (
    SELECT
        k.area_code AS area_code,
        k.school_year AS school_year,
        SUM(k.children) AS children
    FROM core.kindergarten AS k
    GROUP BY k.area_code, k.school_year
),
years AS (
    SELECT c.school_year AS school_year
    FROM children AS c
    GROUP BY c.school_year
),
compared AS (
    SELECT
        p.area_code AS area_code,
        p.school_year AS school_year,
        p.population AS population,
        CAST(COALESCE(c.children, 0) AS BIGINT) AS children
    FROM core.population_group AS p
    INNER JOIN years AS y ON y.school_year = p.school_year
    CROSS JOIN edition AS e
    LEFT JOIN children AS c ON c.area_code = p.area_code AND c.school_year = p.school_year
    WHERE p.age_group = '3-5' AND p.area_code <> e.area_code
)
SELECT
    'core.kindergarten' AS table_name,
    '' AS source_file,
    '' AS source_sheet,
    CAST(NULL AS INTEGER) AS source_row,
    '' AS column_name,
    CAST(NULL AS VARCHAR) AS value,
    c.area_code AS area_code,
    CAST(c.school_year AS VARCHAR) AS period,
    '' AS expected,
    '' AS detail,
    c.children AS numerator,
    c.population AS denominator
FROM compared AS c
WHERE c.population * 1000000 >= CAST($min_population_micro AS BIGINT)
    AND (
        c.children * 100000000 < c.population * CAST($low_percent_micro AS BIGINT)
        OR c.children * 100000000 > c.population * CAST($high_percent_micro AS BIGINT)
        OR c.children * 100000000 > c.population * CAST($attention_percent_micro AS BIGINT)
    )
