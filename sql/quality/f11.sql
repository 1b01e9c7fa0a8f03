-- F11 领导调研、思政课、包联的职务认得出。
-- A row is one entry of the log of a kind that the plan asks of the two heads of a unit, whose office is neither one of a head
-- (core.leader_event) nor one that is known not to be (deputies, assistants, members of a standing committee, other committees,
-- those of townships, villages, bureaus, schools and companies, heads of offices and schools): it would count for nobody, and the
-- head who was there would seem to have done less. A blank is one too, and so is a deputy who acts for the head (副县长、代县长).
WITH log AS (
    SELECT
        e.event_type AS event_type,
        e.area_code AS area_code,
        e.period AS period,
        COALESCE(e.role, '') AS role,
        e.source_file AS source_file,
        e.source_sheet AS source_sheet,
        e.source_row AS source_row
    FROM staging.event_log AS e
    WHERE e.event_type IN ('领导调研', '思政课', '领导包联')
),
head AS (
    SELECT h.source_file AS source_file, h.source_sheet AS source_sheet, h.source_row AS source_row
    FROM core.leader_event AS h
    GROUP BY h.source_file, h.source_sheet, h.source_row
)
SELECT
    'staging.event_log' AS table_name,
    l.source_file AS source_file,
    l.source_sheet AS source_sheet,
    CAST(l.source_row AS INTEGER) AS source_row,
    'role' AS column_name,
    l.role AS value,
    l.area_code AS area_code,
    CAST(l.period AS VARCHAR) AS period,
    '' AS expected,
    l.event_type AS detail
FROM log AS l
LEFT JOIN head AS h
    ON h.source_file = l.source_file AND h.source_sheet = l.source_sheet AND h.source_row = l.source_row
WHERE h.source_file IS NULL
    AND (
        l.role LIKE '%代县长%' OR l.role LIKE '%代区长%' OR l.role LIKE '%代市长%' OR l.role LIKE '%代旗长%'
        OR l.role LIKE '%代理县长%' OR l.role LIKE '%代理区长%' OR l.role LIKE '%代理市长%' OR l.role LIKE '%代理旗长%'
        OR NOT (
            l.role LIKE '%副%' OR l.role LIKE '%常委%' OR l.role LIKE '%助理%' OR l.role LIKE '%秘书%' OR l.role LIKE '%纪委%'
            OR l.role LIKE '%政法委%' OR l.role LIKE '%教育工委%' OR l.role LIKE '%机关工委%' OR l.role LIKE '%直工委%'
            OR l.role LIKE '%团委%' OR l.role LIKE '%团县委%' OR l.role LIKE '%团区委%' OR l.role LIKE '%团市委%'
            OR l.role LIKE '%团旗委%' OR l.role LIKE '%机关党委%' OR l.role LIKE '%校党委%' OR l.role LIKE '%院党委%'
            OR l.role LIKE '%局党%' OR l.role LIKE '%委党委%' OR l.role LIKE '%镇党%' OR l.role LIKE '%镇委%'
            OR l.role LIKE '%乡党%' OR l.role LIKE '%乡委%' OR l.role LIKE '%街道%' OR l.role LIKE '%村党%'
            OR l.role LIKE '%村委%' OR l.role LIKE '%村支%' OR l.role LIKE '%社区%' OR l.role LIKE '%园区党委%'
            OR l.role LIKE '%公司%' OR l.role LIKE '%集团%' OR l.role LIKE '%医院%' OR l.role LIKE '%学校%'
            OR l.role LIKE '%局长%' OR l.role LIKE '%校长%' OR l.role LIKE '%园长%' OR l.role LIKE '%院长%'
            OR l.role LIKE '%部长%' OR l.role LIKE '%镇长%' OR l.role LIKE '%乡长%' OR l.role LIKE '%学区%'
            OR l.role LIKE '%人大%' OR l.role LIKE '%政协%'
        )
    )
