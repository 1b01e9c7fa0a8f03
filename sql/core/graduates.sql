-- 初中毕业生与小学招生:一行一县一学年。
-- A row is the junior graduates of the past summer and the primary entrants of this autumn in one unit. Where a unit has
-- returns by school in a year, they alone count, so that nobody is counted twice.
WITH by_school AS (
    SELECT
        g.area_code AS area_code,
        g.school_year AS school_year
    FROM staging.entrants_graduates AS g
    WHERE g.school_id IS NOT NULL
    GROUP BY g.area_code, g.school_year
)
SELECT
    g.area_code AS area_code,
    g.school_year AS school_year,
    CAST(SUM(CASE WHEN g.stage = '初中' THEN g.graduates_prev_summer ELSE 0 END) AS BIGINT) AS graduates,
    CAST(SUM(CASE WHEN g.stage = '小学' THEN g.entrants ELSE 0 END) AS BIGINT) AS entrants
FROM staging.entrants_graduates AS g
LEFT JOIN by_school AS y ON y.area_code = g.area_code AND y.school_year = g.school_year
WHERE g.school_id IS NOT NULL OR y.area_code IS NULL
GROUP BY g.area_code, g.school_year
