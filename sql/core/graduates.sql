-- 初中毕业生与小学招生:一行一县一学年。
-- A row is the junior graduates of the past summer and the primary entrants of this autumn in one unit.
SELECT
    g.area_code AS area_code,
    g.school_year AS school_year,
    CAST(SUM(CASE WHEN g.stage = '初中' THEN g.graduates_prev_summer ELSE 0 END) AS BIGINT) AS graduates,
    CAST(SUM(CASE WHEN g.stage = '小学' THEN g.entrants ELSE 0 END) AS BIGINT) AS entrants
FROM staging.entrants_graduates AS g
GROUP BY g.area_code, g.school_year
