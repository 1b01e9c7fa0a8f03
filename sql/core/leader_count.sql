-- 党政主要负责同志的调研、思政课、包联次数:一行一单位、职务、年度、指标。
-- A row is how often one of the two heads of a unit (core.leader_event: party, government) did what the plan asks in a
-- calendar year; 0 where the unit kept the log of the year and this head is not in it. A unit without a log has no row.
-- place_in_unit and place_in_all order the heads by their counts: 1 is the one who did least.
WITH log AS (
    SELECT
        e.area_code AS area_code,
        e.maturity AS maturity,
        CAST(EXTRACT(YEAR FROM e.event_date) AS BIGINT) AS calendar_year
    FROM staging.event_log AS e
),
measure AS (
    SELECT
        'leader_frontline_visits' AS indicator_id,
        '领导调研' AS event_type
    UNION ALL
    SELECT
        'leader_ideology_lecture' AS indicator_id,
        '思政课' AS event_type
    UNION ALL
    SELECT
        'leader_school_pairing' AS indicator_id,
        '领导包联' AS event_type
),
office AS (
    SELECT
        'party' AS office,
        '党委主要负责同志' AS office_name
    UNION ALL
    SELECT
        'government' AS office,
        '政府主要负责同志' AS office_name
),
unit AS (
    SELECT
        l.area_code AS area_code,
        l.calendar_year AS calendar_year,
        MAX(l.maturity) AS maturity
    FROM log AS l
    GROUP BY l.area_code, l.calendar_year
),
done AS (
    SELECT
        m.indicator_id AS indicator_id,
        l.area_code AS area_code,
        l.calendar_year AS calendar_year,
        l.office AS office,
        SUM(l.quantity) AS times
    FROM core.leader_event AS l
    INNER JOIN measure AS m ON m.event_type = l.event_type
    GROUP BY
        m.indicator_id,
        l.area_code,
        l.calendar_year,
        l.office
),
final AS (
    SELECT
        m.indicator_id AS indicator_id,
        u.area_code AS area_code,
        u.calendar_year AS calendar_year,
        o.office AS office,
        o.office_name AS office_name,
        CAST(COALESCE(d.times, 0) AS BIGINT) AS times,
        u.maturity AS maturity
    FROM unit AS u
    CROSS JOIN measure AS m
    CROSS JOIN office AS o
    LEFT JOIN done AS d
        ON d.indicator_id = m.indicator_id
        AND d.area_code = u.area_code
        AND d.calendar_year = u.calendar_year
        AND d.office = o.office
)
SELECT
    f.indicator_id AS indicator_id,
    f.area_code AS area_code,
    f.calendar_year AS calendar_year,
    f.office AS office,
    f.office_name AS office_name,
    f.times AS times,
    f.maturity AS maturity,
    ROW_NUMBER() OVER (
        PARTITION BY f.indicator_id, f.area_code, f.calendar_year ORDER BY f.times, f.office
    ) AS place_in_unit,
    ROW_NUMBER() OVER (
        PARTITION BY f.indicator_id, f.calendar_year ORDER BY f.times, f.area_code, f.office
    ) AS place_in_all
FROM final AS f
