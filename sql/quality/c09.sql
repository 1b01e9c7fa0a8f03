-- C09 小学、初中在校生与学龄人口相称(县区)。
-- A row is one unit, school year and stage whose pupils over the population of age leave the band.
-- Primary 6-11, junior 12-14 completed years; only years in which schools reported one by one.
WITH edition AS (
    SELECT e.area_code AS area_code
    FROM raw.edition AS e
),
pupils AS (
    SELECT
        e.area_code AS area_code,
        e.school_year AS school_year,
        CASE WHEN e.stage = 'primary' THEN '6-11' ELSE '12-14' END AS age_group,
        SUM(e.pupils) AS pupils
    FROM core.enrolment AS e
    WHERE e.stage IN ('primary', 'junior')
    GROUP BY e.area_code, e.school_year, CASE WHEN e.stage = 'primary' THEN '6-11' ELSE '12-14' END
),
years AS (
    SELECT p.school_year AS school_year
    FROM pupils AS p
    GROUP BY p.school_year
),
compared AS (
    SELECT
        p.area_code AS area_code,
        p.school_year AS school_year,
        p.age_group AS age_group,
        p.population AS population,
        CAST(COALESCE(s.pupils, 0) AS BIGINT) AS pupils
    FROM core.population_group AS p
    INNER JOIN years AS y ON y.school_year = p.school_year
    CROSS JOIN edition AS e
    LEFT JOIN pupils AS s
        ON s.area_code = p.area_code AND s.school_year = p.school_year AND s.age_group = p.age_group
    WHERE p.age_group IN ('6-11', '12-14') AND p.area_code <> e.area_code
)
SELECT
    'core.enrolment' AS table_name,
    '' AS source_file,
    '' AS source_sheet,
    CAST(NULL AS INTEGER) AS source_row,
    '' AS column_name,
    CAST(NULL AS VARCHAR) AS value,
    c.area_code AS area_code,
    CAST(c.school_year AS VARCHAR) AS period,
    '' AS expected,
    c.age_group AS detail,
    c.pupils AS numerator,
    c.population AS denominator
FROM compared AS c
WHERE c.population * 1000000 >= CAST($min_population_micro AS BIGINT)
    AND (
        c.pupils * 100000000 < c.population * CAST($low_percent_micro AS BIGINT)
        OR c.pupils * 100000000 > c.population * CAST($high_percent_micro AS BIGINT)
    )
