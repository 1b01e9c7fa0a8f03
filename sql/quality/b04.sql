-- B04 各校之和等于县级合计及其分项。
-- A row is one figure of a county's summary that its schools do not add up to.
-- City is urban-rural code 111 and 112, town 121 to 123, village 210 and 220. Looked at where schools handed in.
WITH by_school AS (
    SELECT
        e.area_code AS area_code,
        e.school_year AS school_year,
        CASE WHEN e.programme IN ('小学', '初中', '普通高中') THEN e.programme ELSE '中职' END AS stage,
        CASE WHEN s.urban_rural_code IN ('111', '112') THEN '城区' WHEN s.urban_rural_code < '200' THEN '镇区' ELSE '乡村' END AS place,
        CASE WHEN s.is_public THEN '公办' ELSE '民办' END AS owner,
        e.pupils AS number
    FROM staging.enrolment_by_grade AS e
    INNER JOIN staging.school_register AS s ON s.school_id = e.school_id AND s.school_year = e.school_year
    WHERE NOT e.is_total AND e.programme <> '成人高中'
),
parts AS (
    SELECT b.area_code AS area_code, b.school_year AS school_year, b.stage AS stage, '合计' AS breakdown, b.number AS number
    FROM by_school AS b
    UNION ALL
    SELECT b.area_code AS area_code, b.school_year AS school_year, b.stage AS stage, b.place AS breakdown, b.number AS number
    FROM by_school AS b
    UNION ALL
    SELECT b.area_code AS area_code, b.school_year AS school_year, b.stage AS stage, b.owner AS breakdown, b.number AS number
    FROM by_school AS b
),
added AS (
    SELECT
        p.area_code AS area_code,
        p.school_year AS school_year,
        p.stage AS stage,
        p.breakdown AS breakdown,
        CAST(SUM(p.number) AS BIGINT) AS number
    FROM parts AS p
    GROUP BY p.area_code, p.school_year, p.stage, p.breakdown
),
handed_in AS (
    SELECT DISTINCT b.area_code AS area_code, b.school_year AS school_year
    FROM by_school AS b
),
stated AS (
    SELECT
        t.area_code AS area_code,
        t.school_year AS school_year,
        t.stage AS stage,
        t.breakdown AS breakdown,
        CAST(SUM(t.count) AS BIGINT) AS number,
        MIN(t.source_file) AS source_file,
        MIN(t.source_sheet) AS source_sheet,
        CASE WHEN COUNT(*) = 1 THEN MIN(t.source_row) END AS source_row
    FROM staging.county_totals AS t
    WHERE t.measure = '在校生'
    GROUP BY t.area_code, t.school_year, t.stage, t.breakdown
)
SELECT
    'staging.county_totals' AS table_name,
    t.source_file AS source_file,
    t.source_sheet AS source_sheet,
    t.source_row AS source_row,
    'count' AS column_name,
    CAST(t.number AS VARCHAR) AS value,
    t.area_code AS area_code,
    CAST(t.school_year AS VARCHAR) AS period,
    CAST(COALESCE(a.number, 0) AS VARCHAR) AS expected,
    t.stage || t.breakdown AS detail
FROM stated AS t
INNER JOIN handed_in AS h ON h.area_code = t.area_code AND h.school_year = t.school_year
LEFT JOIN added AS a
    ON a.area_code = t.area_code AND a.school_year = t.school_year AND a.stage = t.stage
    AND a.breakdown = t.breakdown
WHERE t.number <> COALESCE(a.number, 0)
