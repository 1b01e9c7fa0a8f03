-- 活动类指标的构成:一行一份台账行(或一所学校),市级活动次数、学校运动会和艺术节、党政负责同志。
-- A row is what one event, or one school that owes an event, adds to an indicator in a calendar year.
-- City events count where the city itself kept the log of the year: none held is then 0, no log is no row. Schools that
-- held a meet or festival come as a number per county, against its open schools of 1 September
-- (all of the register but kindergartens). The heads: the row of
-- the one who did least in the unit, and (area = whole area) of the one who did least of all. A head complies with the
-- number that the plan promises (raw.commitment); the row is one of his events, or the first of his unit's log.
-- Numerator and denominator are what this row adds; an indicator is their sum over rows. lacking names what a unit
-- is short of. A row without numbers is a unit that did not say: it counts nowhere and is listed by name.
WITH edition AS (
    SELECT
        e.area_code AS area_code
    FROM raw.edition AS e
),
area AS (
    SELECT
        a.area_code AS area_code,
        a.name_zh AS name_zh
    FROM core.area AS a
),
log AS (
    SELECT
        e.event_type AS event_type,
        e.area_code AS area_code,
        e.quantity AS quantity,
        e.maturity AS maturity,
        e.source_file AS source_file,
        e.source_sheet AS source_sheet,
        e.source_row AS source_row,
        CAST(EXTRACT(YEAR FROM e.event_date) AS BIGINT) AS calendar_year
    FROM staging.event_log AS e
),
leader AS (
    SELECT
        h.indicator_id AS indicator_id,
        h.area_code AS area_code,
        h.calendar_year AS calendar_year,
        h.office AS office,
        h.office_name AS office_name,
        h.times AS times,
        h.maturity AS maturity,
        h.place_in_unit AS place_in_unit,
        h.place_in_all AS place_in_all
    FROM core.leader_count AS h
),
leader_event AS (
    SELECT
        v.event_type AS event_type,
        v.area_code AS area_code,
        v.calendar_year AS calendar_year,
        v.office AS office,
        v.quantity AS quantity,
        v.source_file AS source_file,
        v.source_sheet AS source_sheet,
        v.source_row AS source_row
    FROM core.leader_event AS v
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
        'party' AS office
    UNION ALL
    SELECT
        'government' AS office
),
logged AS (
    SELECT
        l.area_code AS area_code,
        l.calendar_year AS calendar_year
    FROM log AS l
    GROUP BY l.area_code, l.calendar_year
),
profile AS (
    SELECT
        p.school_year AS school_year,
        p.school_type AS school_type,
        p.area_code AS area_code,
        p.is_open AS is_open,
        p.maturity AS maturity,
        p.source_file AS source_file,
        p.source_sheet AS source_sheet,
        p.source_row AS source_row
    FROM core.school_profile AS p
),
promise AS (
    SELECT
        c.indicator_id AS indicator_id,
        c.direction_sign AS direction_sign,
        c.target_micro AS target_micro
    FROM raw.commitment AS c
    WHERE c.target_micro IS NOT NULL
),
proof AS (
    SELECT
        m.indicator_id AS indicator_id,
        l.area_code AS area_code,
        l.calendar_year AS calendar_year,
        o.office AS office,
        l.source_file AS source_file,
        l.source_sheet AS source_sheet,
        l.source_row AS source_row,
        ROW_NUMBER() OVER (
            PARTITION BY m.indicator_id, l.area_code, l.calendar_year, o.office
            ORDER BY
                CASE WHEN h.office IS NOT NULL THEN 0 ELSE 1 END,
                l.source_file,
                l.source_sheet,
                l.source_row
        ) AS place
    FROM log AS l
    CROSS JOIN measure AS m
    CROSS JOIN office AS o
    LEFT JOIN leader_event AS h
        ON h.source_file = l.source_file
        AND h.source_sheet = l.source_sheet
        AND h.source_row = l.source_row
        AND h.event_type = m.event_type
        AND h.office = o.office
),
chosen AS (
    SELECT
        h.indicator_id AS indicator_id,
        h.area_code AS counted_in,
        h.area_code AS area_code,
        h.calendar_year AS calendar_year,
        h.office AS office,
        h.office_name AS office_name,
        h.maturity AS maturity
    FROM leader AS h
    CROSS JOIN edition AS e
    WHERE h.place_in_unit = 1 AND h.area_code <> e.area_code
    UNION ALL
    SELECT
        h.indicator_id AS indicator_id,
        e.area_code AS counted_in,
        h.area_code AS area_code,
        h.calendar_year AS calendar_year,
        h.office AS office,
        h.office_name AS office_name,
        h.maturity AS maturity
    FROM leader AS h
    CROSS JOIN edition AS e
    WHERE h.place_in_all = 1
),
final AS (
    SELECT
        'municipal_student_games' AS indicator_id,
        'events' AS variant,
        l.area_code AS area_code,
        'all' AS segment,
        'calendar_year' AS period_kind,
        l.calendar_year AS period,
        l.area_code AS unit_id,
        a.name_zh AS unit_name,
        CAST(CASE WHEN l.event_type = '运动会' THEN 1 ELSE 0 END AS BIGINT) AS numerator,
        CAST(NULL AS BIGINT) AS denominator,
        CAST(NULL AS VARCHAR) AS lacking,
        '活动台账' AS basis,
        l.maturity AS maturity,
        l.source_file AS source_file,
        l.source_sheet AS source_sheet,
        l.source_row AS source_row
    FROM log AS l
    INNER JOIN edition AS e ON e.area_code = l.area_code
    INNER JOIN area AS a ON a.area_code = l.area_code
    UNION ALL
    SELECT
        'municipal_art_show' AS indicator_id,
        'events' AS variant,
        l.area_code AS area_code,
        'all' AS segment,
        'calendar_year' AS period_kind,
        l.calendar_year AS period,
        l.area_code AS unit_id,
        a.name_zh AS unit_name,
        CAST(CASE WHEN l.event_type = '艺术展演' THEN 1 ELSE 0 END AS BIGINT) AS numerator,
        CAST(NULL AS BIGINT) AS denominator,
        CAST(NULL AS VARCHAR) AS lacking,
        '活动台账' AS basis,
        l.maturity AS maturity,
        l.source_file AS source_file,
        l.source_sheet AS source_sheet,
        l.source_row AS source_row
    FROM log AS l
    INNER JOIN edition AS e ON e.area_code = l.area_code
    INNER JOIN area AS a ON a.area_code = l.area_code
    UNION ALL
    SELECT
        'teachers_abroad' AS indicator_id,
        'events' AS variant,
        l.area_code AS area_code,
        'all' AS segment,
        'calendar_year' AS period_kind,
        l.calendar_year AS period,
        l.area_code AS unit_id,
        a.name_zh AS unit_name,
        CAST(CASE WHEN l.event_type = '出国访学' THEN l.quantity ELSE 0 END AS BIGINT) AS numerator,
        CAST(NULL AS BIGINT) AS denominator,
        CAST(NULL AS VARCHAR) AS lacking,
        '活动台账' AS basis,
        l.maturity AS maturity,
        l.source_file AS source_file,
        l.source_sheet AS source_sheet,
        l.source_row AS source_row
    FROM log AS l
    INNER JOIN edition AS e ON e.area_code = l.area_code
    INNER JOIN area AS a ON a.area_code = l.area_code
    UNION ALL
    SELECT
        'school_sports_meet' AS indicator_id,
        'schools' AS variant,
        l.area_code AS area_code,
        'all' AS segment,
        'calendar_year' AS period_kind,
        l.calendar_year AS period,
        l.area_code AS unit_id,
        a.name_zh AS unit_name,
        CAST(l.quantity AS BIGINT) AS numerator,
        CAST(NULL AS BIGINT) AS denominator,
        CAST(NULL AS VARCHAR) AS lacking,
        '举办学校÷中小学校' AS basis,
        l.maturity AS maturity,
        l.source_file AS source_file,
        l.source_sheet AS source_sheet,
        l.source_row AS source_row
    FROM log AS l
    INNER JOIN area AS a ON a.area_code = l.area_code
    CROSS JOIN edition AS e
    WHERE l.event_type = '运动会' AND l.area_code <> e.area_code
    UNION ALL
    SELECT
        'school_sports_meet' AS indicator_id,
        'schools' AS variant,
        p.area_code AS area_code,
        'all' AS segment,
        'calendar_year' AS period_kind,
        p.school_year AS period,
        p.area_code AS unit_id,
        a.name_zh AS unit_name,
        CAST(0 AS BIGINT) AS numerator,
        CAST(1 AS BIGINT) AS denominator,
        'not_held' AS lacking,
        '举办学校÷中小学校' AS basis,
        p.maturity AS maturity,
        p.source_file AS source_file,
        p.source_sheet AS source_sheet,
        p.source_row AS source_row
    FROM profile AS p
    INNER JOIN logged AS y ON y.area_code = p.area_code AND y.calendar_year = p.school_year
    INNER JOIN area AS a ON a.area_code = p.area_code
    WHERE p.is_open AND SUBSTR(p.school_type, 1, 2) <> '11'
    UNION ALL
    SELECT
        'school_art_festival' AS indicator_id,
        'schools' AS variant,
        l.area_code AS area_code,
        'all' AS segment,
        'calendar_year' AS period_kind,
        l.calendar_year AS period,
        l.area_code AS unit_id,
        a.name_zh AS unit_name,
        CAST(l.quantity AS BIGINT) AS numerator,
        CAST(NULL AS BIGINT) AS denominator,
        CAST(NULL AS VARCHAR) AS lacking,
        '举办学校÷中小学校' AS basis,
        l.maturity AS maturity,
        l.source_file AS source_file,
        l.source_sheet AS source_sheet,
        l.source_row AS source_row
    FROM log AS l
    INNER JOIN area AS a ON a.area_code = l.area_code
    CROSS JOIN edition AS e
    WHERE l.event_type = '艺术节' AND l.area_code <> e.area_code
    UNION ALL
    SELECT
        'school_art_festival' AS indicator_id,
        'schools' AS variant,
        p.area_code AS area_code,
        'all' AS segment,
        'calendar_year' AS period_kind,
        p.school_year AS period,
        p.area_code AS unit_id,
        a.name_zh AS unit_name,
        CAST(0 AS BIGINT) AS numerator,
        CAST(1 AS BIGINT) AS denominator,
        'not_held' AS lacking,
        '举办学校÷中小学校' AS basis,
        p.maturity AS maturity,
        p.source_file AS source_file,
        p.source_sheet AS source_sheet,
        p.source_row AS source_row
    FROM profile AS p
    INNER JOIN logged AS y ON y.area_code = p.area_code AND y.calendar_year = p.school_year
    INNER JOIN area AS a ON a.area_code = p.area_code
    WHERE p.is_open AND SUBSTR(p.school_type, 1, 2) <> '11'
    UNION ALL
    SELECT
        h.indicator_id AS indicator_id,
        'complying' AS variant,
        h.area_code AS area_code,
        'all' AS segment,
        'calendar_year' AS period_kind,
        h.calendar_year AS period,
        h.area_code || ' ' || h.office AS unit_id,
        a.name_zh || h.office_name AS unit_name,
        CAST(CASE WHEN h.times * 1000000 >= c.target_micro THEN 1 ELSE 0 END AS BIGINT) AS numerator,
        CAST(1 AS BIGINT) AS denominator,
        CAST(NULL AS VARCHAR) AS lacking,
        '按党政主要负责同志' AS basis,
        h.maturity AS maturity,
        l.source_file AS source_file,
        l.source_sheet AS source_sheet,
        l.source_row AS source_row
    FROM leader AS h
    INNER JOIN promise AS c ON c.indicator_id = h.indicator_id
    INNER JOIN area AS a ON a.area_code = h.area_code
    INNER JOIN proof AS l
        ON l.indicator_id = h.indicator_id
        AND l.area_code = h.area_code
        AND l.calendar_year = h.calendar_year
        AND l.office = h.office
        AND l.place = 1
    UNION ALL
    SELECT
        c.indicator_id AS indicator_id,
        'least' AS variant,
        c.counted_in AS area_code,
        'all' AS segment,
        'calendar_year' AS period_kind,
        c.calendar_year AS period,
        c.area_code || ' ' || c.office AS unit_id,
        a.name_zh || c.office_name AS unit_name,
        CAST(COALESCE(l.quantity, 0) AS BIGINT) AS numerator,
        CAST(NULL AS BIGINT) AS denominator,
        CAST(NULL AS VARCHAR) AS lacking,
        '次数最少的一位' AS basis,
        c.maturity AS maturity,
        l.source_file AS source_file,
        l.source_sheet AS source_sheet,
        l.source_row AS source_row
    FROM chosen AS c
    INNER JOIN measure AS m ON m.indicator_id = c.indicator_id
    INNER JOIN area AS a ON a.area_code = c.area_code
    LEFT JOIN leader_event AS l
        ON l.event_type = m.event_type
        AND l.area_code = c.area_code
        AND l.calendar_year = c.calendar_year
        AND l.office = c.office
)
SELECT
    f.indicator_id AS indicator_id,
    f.variant AS variant,
    f.area_code AS area_code,
    f.segment AS segment,
    f.period_kind AS period_kind,
    f.period AS period,
    f.unit_id AS unit_id,
    f.unit_name AS unit_name,
    f.numerator AS numerator,
    f.denominator AS denominator,
    f.lacking AS lacking,
    f.basis AS basis,
    f.maturity AS maturity,
    f.source_file AS source_file,
    f.source_sheet AS source_sheet,
    f.source_row AS source_row
FROM final AS f
