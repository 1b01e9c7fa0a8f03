-- F08 经批准的更正记录均已由更正件执行。
-- A row is one approved record of restatement_log, of a year up to the edition's, that no correction of a closed year
-- carried out: none of the same table, year, key, column, old and new value. One beside a change of the same cell that
-- D17 tells is left to D17.
WITH cells AS (
    SELECT
        c.table_name AS table_name,
        c.row_period AS row_period,
        c.row_key AS row_key,
        CASE c.change WHEN 'added' THEN '新增行' WHEN 'removed' THEN '删除行' ELSE c.column_name END AS column_name,
        CASE c.change WHEN 'added' THEN '新增行' WHEN 'removed' THEN '删除行' ELSE c.column_zh END AS column_zh,
        c.old_value AS old_value,
        c.new_value AS new_value
    FROM raw.restated_cell AS c
    WHERE c.closed
),
records AS (
    SELECT
        l.restatement_id AS restatement_id,
        l.table_name AS table_name,
        l.row_period AS row_period,
        l.row_key AS row_key,
        l.column_name AS column_name,
        COALESCE(l.old_value, '') AS old_value,
        COALESCE(l.new_value, '') AS new_value,
        l.source_file AS source_file,
        l.source_sheet AS source_sheet,
        l.source_row AS source_row
    FROM staging.restatement_log AS l
    WHERE TRIM(COALESCE(l.approved_by, '')) <> '' AND TRIM(l.approved_by) <> TRIM(l.entered_by)
),
met AS (
    SELECT
        r.restatement_id AS restatement_id,
        r.source_file AS source_file,
        r.source_sheet AS source_sheet,
        r.source_row AS source_row,
        c.table_name AS table_name,
        c.row_period AS row_period,
        c.row_key AS row_key,
        c.column_name AS column_name,
        CASE WHEN r.old_value = c.old_value AND r.new_value = c.new_value THEN 1 ELSE 0 END AS carried_out
    FROM records AS r
    INNER JOIN cells AS c
        ON c.table_name = r.table_name AND c.row_period = r.row_period AND c.row_key = r.row_key
        AND (c.column_name = r.column_name OR c.column_zh = r.column_name)
),
settled AS (
    SELECT m.table_name AS table_name, m.row_period AS row_period, m.row_key AS row_key, m.column_name AS column_name
    FROM met AS m
    GROUP BY m.table_name, m.row_period, m.row_key, m.column_name
    HAVING MAX(m.carried_out) = 1
),
spoken_of AS (
    SELECT
        m.source_file AS source_file,
        m.source_sheet AS source_sheet,
        m.source_row AS source_row,
        MAX(CASE WHEN m.carried_out = 1 OR s.table_name IS NULL THEN 1 ELSE 0 END) AS told
    FROM met AS m
    LEFT JOIN settled AS s
        ON s.table_name = m.table_name AND s.row_period = m.row_period AND s.row_key = m.row_key
        AND s.column_name = m.column_name
    GROUP BY m.source_file, m.source_sheet, m.source_row
)
SELECT
    'staging.restatement_log' AS table_name,
    r.source_file AS source_file,
    r.source_sheet AS source_sheet,
    r.source_row AS source_row,
    'new_value' AS column_name,
    r.new_value AS value,
    e.area_code AS area_code,
    CAST(r.row_period AS VARCHAR) AS period,
    r.old_value AS expected,
    r.restatement_id || ':' || r.table_name || ' ' || r.row_key || ' ' || r.column_name AS detail
FROM records AS r
INNER JOIN raw.edition AS e ON r.row_period <= e.year
LEFT JOIN spoken_of AS s
    ON s.source_file = r.source_file AND s.source_sheet = r.source_sheet AND s.source_row = r.source_row AND s.told = 1
WHERE s.told IS NULL
