-- 党政主要负责同志的活动:一行一条台账记录、职务(党委、政府),按所填职务归类。
-- A row is one entry of the log that was done by a head of a unit, with the office held: party (书记 of the Party committee,
-- of a zone's working committee) or government (市长, 县长, 区长, ..., 主任 of a zone's management committee). Deputies, and the
-- secretaries of other committees (discipline, political and legal, education), are no heads; whoever is deputy secretary
-- and head of government (县委副书记、县长) is the head of government; one person in both offices counts in both.
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
held AS (
    SELECT
        l.event_type AS event_type,
        l.area_code AS area_code,
        l.calendar_year AS calendar_year,
        'party' AS office,
        l.quantity AS quantity,
        l.source_file AS source_file,
        l.source_sheet AS source_sheet,
        l.source_row AS source_row
    FROM log AS l
    WHERE (l.role LIKE '%委书记%' OR l.role = '书记' OR l.role LIKE '%党委主要负责%')
        AND NOT (
            l.role LIKE '%纪委书记%' OR l.role LIKE '%政法委书记%' OR l.role LIKE '%教育工委书记%' OR l.role LIKE '%团委书记%'
            OR l.role LIKE '%机关党委书记%' OR l.role LIKE '%校党委书记%'
        )
    UNION ALL
    SELECT
        l.event_type AS event_type,
        l.area_code AS area_code,
        l.calendar_year AS calendar_year,
        'government' AS office,
        l.quantity AS quantity,
        l.source_file AS source_file,
        l.source_sheet AS source_sheet,
        l.source_row AS source_row
    FROM log AS l
    WHERE (
            l.role LIKE '%市长%' OR l.role LIKE '%县长%' OR l.role LIKE '%区长%' OR l.role LIKE '%旗长%' OR l.role LIKE '%州长%'
            OR l.role LIKE '%盟长%' OR l.role LIKE '%省长%' OR l.role LIKE '%区)长%' OR l.role LIKE '%区)长%'
            OR l.role LIKE '%管委会主任%' OR l.role LIKE '%政府主要负责%'
        )
        AND NOT (
            l.role LIKE '%副市%' OR l.role LIKE '%副县%' OR l.role LIKE '%副区%' OR l.role LIKE '%副旗%' OR l.role LIKE '%副州%'
            OR l.role LIKE '%副盟%' OR l.role LIKE '%副省%'
        )
)
SELECT
    h.event_type AS event_type,
    h.area_code AS area_code,
    h.calendar_year AS calendar_year,
    h.office AS office,
    h.quantity AS quantity,
    h.source_file AS source_file,
    h.source_sheet AS source_sheet,
    h.source_row AS source_row
FROM held AS h
