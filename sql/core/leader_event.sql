-- 党政主要负责同志的活动:一行一条台账记录、职务(党委、政府),按所填职务归类。
-- A row is one entry of the log that was done by a head of a unit, with the office held: party (书记 of the Party committee)
-- or government (市长, 县长, 区长, ...); in a zone 书记 of the working committee and 主任 of the management committee, who are
-- nobody's heads elsewhere. An office is read to its end, so that 县长助理 is no 县长, and from its own committee, so that
-- 镇党委书记 and 教育局党委书记 are none of the unit. Deputies, and the secretaries of other committees (discipline, political and
-- legal, education, youth league), are no heads; whoever is deputy secretary and head of government (县委副书记、县长) is the head
-- of government; one person in both offices counts in both.
WITH log AS (
    SELECT
        e.event_type AS event_type,
        e.area_code AS area_code,
        e.role AS role,
        e.quantity AS quantity,
        e.source_file AS source_file,
        e.source_sheet AS source_sheet,
        e.source_row AS source_row,
        CAST(EXTRACT(YEAR FROM e.event_date) AS BIGINT) AS calendar_year
    FROM staging.event_log AS e
    WHERE e.role IS NOT NULL
),
area AS (
    SELECT
        a.area_code AS area_code,
        a.unit_role AS unit_role
    FROM core.area AS a
),
-- the last character of the units that have such heads
kind AS (
    SELECT '县' AS kind
    UNION ALL
    SELECT '区' AS kind
    UNION ALL
    SELECT '市' AS kind
    UNION ALL
    SELECT '旗' AS kind
    UNION ALL
    SELECT '州' AS kind
    UNION ALL
    SELECT '盟' AS kind
    UNION ALL
    SELECT '省' AS kind
),
-- 县(区)长: two kinds in one
written_kind AS (
    SELECT k.kind AS kind
    FROM kind AS k
    UNION ALL
    SELECT k.kind || ')' AS kind
    FROM kind AS k
    UNION ALL
    SELECT k.kind || ')' AS kind
    FROM kind AS k
),
ending AS (
    SELECT '书记' AS ending
    UNION ALL
    SELECT '主要负责同志' AS ending
    UNION ALL
    SELECT '主要负责人' AS ending
),
-- how an office is written at its end; 、 before it: the office alone, without the name of a place
name AS (
    SELECT 'party' AS office, k.kind || '委书记' AS name, FALSE AS of_zone
    FROM written_kind AS k
    UNION ALL
    SELECT 'government' AS office, k.kind || '长' AS name, FALSE AS of_zone
    FROM written_kind AS k
    UNION ALL
    SELECT 'party' AS office, k.kind || '党委' || e.ending AS name, FALSE AS of_zone
    FROM kind AS k
    CROSS JOIN ending AS e
    -- 开发区党委书记 and the like are of a part of the unit
    WHERE k.kind <> '区' OR e.ending <> '书记'
    UNION ALL
    SELECT 'party' AS office, '、区党委书记' AS name, FALSE AS of_zone
    UNION ALL
    SELECT 'party' AS office, '自治区党委书记' AS name, FALSE AS of_zone
    UNION ALL
    SELECT 'party' AS office, '、党委' || e.ending AS name, FALSE AS of_zone
    FROM ending AS e
    UNION ALL
    SELECT 'party' AS office, '地委书记' AS name, FALSE AS of_zone
    UNION ALL
    SELECT 'party' AS office, '、书记' AS name, FALSE AS of_zone
    UNION ALL
    SELECT 'government' AS office, '政府' || e.ending AS name, FALSE AS of_zone
    FROM ending AS e
    WHERE e.ending <> '书记'
    UNION ALL
    SELECT 'party' AS office, '党工委书记' AS name, TRUE AS of_zone
    UNION ALL
    SELECT 'party' AS office, '区工委书记' AS name, TRUE AS of_zone
    UNION ALL
    SELECT 'party' AS office, '、工委书记' AS name, TRUE AS of_zone
    UNION ALL
    SELECT 'government' AS office, '管委会主任' AS name, TRUE AS of_zone
),
-- what may follow an office
mark AS (
    SELECT '、' AS mark
    UNION ALL
    SELECT ',' AS mark
    UNION ALL
    SELECT ',' AS mark
    UNION ALL
    SELECT ';' AS mark
    UNION ALL
    SELECT ';' AS mark
    UNION ALL
    SELECT '/' AS mark
    UNION ALL
    SELECT ' ' AS mark
    UNION ALL
    SELECT ' ' AS mark
    UNION ALL
    SELECT '兼' AS mark
    UNION ALL
    SELECT '(' AS mark
    UNION ALL
    SELECT '(' AS mark
    UNION ALL
    SELECT ')' AS mark
    UNION ALL
    SELECT ')' AS mark
),
-- what is called 区 and is no unit
place AS (
    SELECT '社区' AS place
    UNION ALL
    SELECT '园区' AS place
    UNION ALL
    SELECT '学区' AS place
    UNION ALL
    SELECT '校区' AS place
    UNION ALL
    SELECT '片区' AS place
    UNION ALL
    SELECT '街区' AS place
    UNION ALL
    SELECT '小区' AS place
),
-- what ends alike and is no head
other AS (
    SELECT 'party' AS office, '团' || k.kind || '委书记' AS name
    FROM kind AS k
    UNION ALL
    SELECT 'government' AS office, '副' || k.kind AS name
    FROM kind AS k
    UNION ALL
    SELECT 'party' AS office, p.place || '委书记' AS name
    FROM place AS p
    UNION ALL
    SELECT 'party' AS office, p.place || '党委' AS name
    FROM place AS p
    UNION ALL
    SELECT 'party' AS office, p.place || '党工委' AS name
    FROM place AS p
    UNION ALL
    SELECT 'government' AS office, p.place || '长' AS name
    FROM place AS p
    UNION ALL
    SELECT 'party' AS office, '街道党工委' AS name
    UNION ALL
    SELECT 'party' AS office, '镇党工委' AS name
    UNION ALL
    SELECT 'party' AS office, '乡党工委' AS name
    UNION ALL
    SELECT 'party' AS office, '教育党工委' AS name
    UNION ALL
    SELECT 'party' AS office, '机关党工委' AS name
    UNION ALL
    SELECT 'government' AS office, '镇政府' AS name
    UNION ALL
    SELECT 'government' AS office, '乡政府' AS name
    UNION ALL
    SELECT 'government' AS office, '镇人民政府' AS name
    UNION ALL
    SELECT 'government' AS office, '乡人民政府' AS name
),
written AS (
    SELECT
        l.role AS role
    FROM log AS l
    GROUP BY l.role
),
refused AS (
    SELECT
        w.role AS role,
        o.office AS office
    FROM written AS w
    INNER JOIN other AS o ON w.role LIKE '%' || o.name || '%'
    GROUP BY w.role, o.office
),
-- a role that names an office twice has it once; with an office of any unit it needs none of a zone
office AS (
    SELECT
        w.role AS role,
        n.office AS office,
        MIN(CASE WHEN n.of_zone THEN 1 ELSE 0 END) AS of_zone
    FROM written AS w
    CROSS JOIN mark AS m
    INNER JOIN name AS n ON '、' || w.role || '、' LIKE '%' || n.name || m.mark || '%'
    LEFT JOIN refused AS r ON r.role = w.role AND r.office = n.office
    WHERE r.role IS NULL
    GROUP BY w.role, n.office
)
SELECT
    l.event_type AS event_type,
    l.area_code AS area_code,
    l.calendar_year AS calendar_year,
    o.office AS office,
    l.quantity AS quantity,
    l.source_file AS source_file,
    l.source_sheet AS source_sheet,
    l.source_row AS source_row
FROM log AS l
INNER JOIN office AS o ON o.role = l.role
LEFT JOIN area AS a ON a.area_code = l.area_code
WHERE o.of_zone = 0 OR a.unit_role = 'zone'
