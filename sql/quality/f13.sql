-- F13 举办运动会、艺术节的学校数不大于学校总数。
-- A row is one unit, calendar year and kind of event whose log counts more schools than the unit had open on 1 September
-- (kindergartens apart): a school that is logged in spring and again in autumn would make up for one that held nothing
-- (variant festival: art festivals, otherwise sports meets). The place is the last row of that log. A year without any register has
-- no share, so nothing is asked of it.
WITH counted AS (
    SELECT
        r.indicator_id AS indicator_id,
        r.area_code AS area_code,
        r.period AS period,
        CAST(SUM(r.numerator) AS BIGINT) AS held,
        CAST(SUM(COALESCE(r.denominator, 0)) AS BIGINT) AS schools
    FROM core.event_result AS r
    WHERE r.indicator_id IN ('school_sports_meet', 'school_art_festival')
    GROUP BY r.indicator_id, r.area_code, r.period
),
registered AS (
    SELECT
        c.indicator_id AS indicator_id,
        c.period AS period
    FROM counted AS c
    WHERE c.schools > 0
    GROUP BY c.indicator_id, c.period
),
logged AS (
    SELECT
        r.indicator_id AS indicator_id,
        r.area_code AS area_code,
        r.period AS period,
        r.source_file AS source_file,
        r.source_sheet AS source_sheet,
        r.source_row AS source_row,
        ROW_NUMBER() OVER (
            PARTITION BY r.indicator_id, r.area_code, r.period
            ORDER BY r.source_file DESC, r.source_sheet DESC, r.source_row DESC
        ) AS place
    FROM core.event_result AS r
    WHERE r.indicator_id IN ('school_sports_meet', 'school_art_festival') AND r.denominator IS NULL
)
SELECT
    'staging.event_log' AS table_name,
    l.source_file AS source_file,
    l.source_sheet AS source_sheet,
    CAST(l.source_row AS INTEGER) AS source_row,
    'quantity' AS column_name,
    CAST(c.held AS VARCHAR) AS value,
    c.area_code AS area_code,
    CAST(c.period AS VARCHAR) AS period,
    CAST(c.schools AS VARCHAR) AS expected,
    CASE c.indicator_id WHEN 'school_sports_meet' THEN '运动会' ELSE '艺术节' END AS detail,
    CASE c.indicator_id WHEN 'school_sports_meet' THEN '' ELSE 'festival' END AS variant
FROM counted AS c
INNER JOIN registered AS y ON y.indicator_id = c.indicator_id AND y.period = c.period
INNER JOIN logged AS l
    ON l.indicator_id = c.indicator_id AND l.area_code = c.area_code AND l.period = c.period AND l.place = 1
WHERE c.held > c.schools
