-- F11 领导调研、思政课、包联的职务认得出。
-- A row is one entry of the log of a kind that the plan asks of the two heads of a unit, whose office is neither one of a head
-- (core.leader_event) nor one that is known not to be (deputies, assistants, members of a standing committee, other committees,
-- those of townships, villages, bureaus, schools and companies, heads of offices and schools): it would count for nobody, and the
-- head who was there would seem to have done less. A blank is one too.
WITH head AS (
    SELECT h.source_file AS source_file, h.source_sheet AS source_sheet, h.source_row AS source_row
    FROM core.leader_event AS h
    GROUP BY h.source_file, h.source_sheet, h.source_row
)
SELECT
    'staging.event_log' AS table_name,
    e.source_file AS source_file,
    e.source_sheet AS source_sheet,
    CAST(e.source_row AS INTEGER) AS source_row,
    'role' AS column_name,
    COALESCE(e.role, '') AS value,
    e.area_code AS area_code,
    CAST(e.period AS VARCHAR) AS period,
    '' AS expected,
    e.event_type AS detail
FROM staging.event_log AS e
LEFT JOIN head AS h
    ON h.source_file = e.source_file AND h.source_sheet = e.source_sheet AND h.source_row = e.source_row
WHERE e.event_type IN ('领导调研', '思政课', '领导包联')
    AND h.source_file IS NULL
    AND NOT (
        COALESCE(e.role, '') LIKE '%副%' OR COALESCE(e.role, '') LIKE '%常委%' OR COALESCE(e.role, '') LIKE '%助理%'
        OR COALESCE(e.role, '') LIKE '%秘书%' OR COALESCE(e.role, '') LIKE '%纪委%' OR COALESCE(e.role, '') LIKE '%政法委%'
        OR COALESCE(e.role, '') LIKE '%教育工委%' OR COALESCE(e.role, '') LIKE '%机关工委%' OR COALESCE(e.role, '') LIKE '%直工委%'
        OR COALESCE(e.role, '') LIKE '%团委%' OR COALESCE(e.role, '') LIKE '%团县委%' OR COALESCE(e.role, '') LIKE '%团区委%'
        OR COALESCE(e.role, '') LIKE '%团市委%' OR COALESCE(e.role, '') LIKE '%团旗委%' OR COALESCE(e.role, '') LIKE '%机关党委%'
        OR COALESCE(e.role, '') LIKE '%校党委%' OR COALESCE(e.role, '') LIKE '%院党委%' OR COALESCE(e.role, '') LIKE '%局党%'
        OR COALESCE(e.role, '') LIKE '%委党委%' OR COALESCE(e.role, '') LIKE '%镇党%' OR COALESCE(e.role, '') LIKE '%镇委%'
        OR COALESCE(e.role, '') LIKE '%乡党%' OR COALESCE(e.role, '') LIKE '%乡委%' OR COALESCE(e.role, '') LIKE '%街道%'
        OR COALESCE(e.role, '') LIKE '%村党%' OR COALESCE(e.role, '') LIKE '%村委%' OR COALESCE(e.role, '') LIKE '%村支%'
        OR COALESCE(e.role, '') LIKE '%社区%' OR COALESCE(e.role, '') LIKE '%园区党委%' OR COALESCE(e.role, '') LIKE '%公司%'
        OR COALESCE(e.role, '') LIKE '%集团%' OR COALESCE(e.role, '') LIKE '%医院%' OR COALESCE(e.role, '') LIKE '%学校%'
        OR COALESCE(e.role, '') LIKE '%局长%' OR COALESCE(e.role, '') LIKE '%校长%' OR COALESCE(e.role, '') LIKE '%园长%'
        OR COALESCE(e.role, '') LIKE '%院长%' OR COALESCE(e.role, '') LIKE '%部长%' OR COALESCE(e.role, '') LIKE '%镇长%'
        OR COALESCE(e.role, '') LIKE '%乡长%' OR COALESCE(e.role, '') LIKE '%学区%' OR COALESCE(e.role, '') LIKE '%人大%'
        OR COALESCE(e.role, '') LIKE '%政协%'
    )
