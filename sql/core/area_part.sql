-- 单位的汇总去向:每个单位归入自身,也归入全市。
-- A row says that what is counted in one unit (part_code) counts in one area: the unit itself, and the whole area.
WITH edition AS (
    SELECT
        e.area_code AS area_code
    FROM raw.edition AS e
),
area AS (
    SELECT
        a.area_code AS area_code
    FROM core.area AS a
)
SELECT
    a.area_code AS part_code,
    a.area_code AS area_code
FROM area AS a
UNION
SELECT
    a.area_code AS part_code,
    e.area_code AS area_code
FROM area AS a
CROSS JOIN edition AS e
