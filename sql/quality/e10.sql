-- E10 报送清单齐全(校验值、报表版本、报送单位、收到日期),并按期报送或注明迟报原因。
-- A row is one thing that a registered file lacks: an entry of the manifest (variants by its column), or the reason
-- for coming after the deadline (variant late).
WITH entries AS (
    SELECT s.source_row AS source_row, s.path AS path, s.area_code AS area_code, s.period_to AS period_to,
        'sha256' AS column_name, s.sha256 AS entry
    FROM staging.submission AS s
    UNION ALL
    SELECT s.source_row AS source_row, s.path AS path, s.area_code AS area_code, s.period_to AS period_to,
        'form_edition' AS column_name, s.form_edition AS entry
    FROM staging.submission AS s
    UNION ALL
    SELECT s.source_row AS source_row, s.path AS path, s.area_code AS area_code, s.period_to AS period_to,
        'supplier' AS column_name, s.supplier AS entry
    FROM staging.submission AS s
    UNION ALL
    SELECT s.source_row AS source_row, s.path AS path, s.area_code AS area_code, s.period_to AS period_to,
        'received_on' AS column_name, CAST(s.received_on AS VARCHAR) AS entry
    FROM staging.submission AS s
)
SELECT
    'staging.submission' AS table_name,
    'register.csv' AS source_file,
    '' AS source_sheet,
    e.source_row AS source_row,
    e.column_name AS column_name,
    COALESCE(e.entry, '') AS value,
    e.area_code AS area_code,
    CAST(e.period_to AS VARCHAR) AS period,
    '' AS expected,
    e.path AS detail,
    '' AS variant
FROM entries AS e
WHERE COALESCE(TRIM(e.entry), '') = ''
UNION ALL
SELECT
    'staging.submission' AS table_name,
    'register.csv' AS source_file,
    '' AS source_sheet,
    s.source_row AS source_row,
    'late' AS column_name,
    CAST(s.received_on AS VARCHAR) AS value,
    s.area_code AS area_code,
    CAST(s.period_to AS VARCHAR) AS period,
    CAST(s.deadline AS VARCHAR) AS expected,
    s.path AS detail,
    'late' AS variant
FROM staging.submission AS s
WHERE s.late_state = 'unexplained'
