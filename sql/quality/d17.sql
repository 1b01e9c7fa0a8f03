-- D17 已关账年度的数据只能通过更正记录修改。
-- A row is one cell (or whole row: column blank) of a closed year that a correction changed without a record in
-- restatement_log of the same table, year, key, column, old and new value that somebody else approved: no such
-- record (variants missing, row), one that nobody approved (unapproved) or that was approved by who entered it (self).
-- When a year is closed: pipeline/intake/restated.py.
WITH cells AS (
    SELECT
        c.table_name AS table_name,
        c.row_period AS row_period,
        c.row_key AS row_key,
        c.column_name AS column_name,
        c.column_zh AS column_zh,
        c.change AS change,
        c.old_value AS old_value,
        c.new_value AS new_value,
        CASE WHEN c.change = 'removed' THEN c.old_file ELSE c.new_file END AS source_file,
        CASE WHEN c.change = 'removed' THEN c.old_sheet ELSE c.new_sheet END AS source_sheet,
        CASE WHEN c.change = 'removed' THEN c.old_row ELSE c.new_row END AS source_row
    FROM raw.restated_cell AS c
    WHERE c.closed
),
records AS (
    SELECT
        l.table_name AS table_name,
        l.row_period AS row_period,
        l.row_key AS row_key,
        l.column_name AS column_name,
        COALESCE(l.old_value, '') AS old_value,
        COALESCE(l.new_value, '') AS new_value,
        CASE
            WHEN TRIM(COALESCE(l.approved_by, '')) = '' THEN 1
            WHEN TRIM(l.approved_by) = TRIM(l.entered_by) THEN 2
            ELSE 3
        END AS standing
    FROM staging.restatement_log AS l
),
matched AS (
    SELECT
        c.table_name AS table_name,
        c.row_period AS row_period,
        c.row_key AS row_key,
        c.column_name AS column_name,
        c.column_zh AS column_zh,
        c.change AS change,
        c.old_value AS old_value,
        c.new_value AS new_value,
        c.source_file AS source_file,
        c.source_sheet AS source_sheet,
        c.source_row AS source_row,
        COALESCE(MAX(r.standing), 0) AS standing
    FROM cells AS c
    LEFT JOIN records AS r
        ON r.table_name = c.table_name AND r.row_period = c.row_period AND r.row_key = c.row_key
        AND (r.column_name = c.column_name OR r.column_name = c.column_zh
            OR (c.change = 'added' AND r.column_name = '新增行') OR (c.change = 'removed' AND r.column_name = '删除行'))
        AND r.old_value = c.old_value AND r.new_value = c.new_value
    GROUP BY c.table_name, c.row_period, c.row_key, c.column_name, c.column_zh, c.change, c.old_value, c.new_value,
        c.source_file, c.source_sheet, c.source_row
)
SELECT
    'staging.' || m.table_name AS table_name,
    m.source_file AS source_file,
    m.source_sheet AS source_sheet,
    m.source_row AS source_row,
    m.column_name AS column_name,
    m.new_value AS value,
    e.area_code AS area_code,
    CAST(m.row_period AS VARCHAR) AS period,
    CASE m.change WHEN 'added' THEN '新增行' WHEN 'removed' THEN '删除行' ELSE m.old_value END AS expected,
    m.row_key AS detail,
    CASE
        WHEN m.standing = 1 THEN 'unapproved'
        WHEN m.standing = 2 THEN 'self'
        WHEN m.change = 'changed' THEN 'missing'
        ELSE 'row'
    END AS variant
FROM matched AS m
CROSS JOIN raw.edition AS e
WHERE m.standing < 3
