-- 历史数据修订:一行一项修订。
-- A row is one restated cell of a closed year, typed as received.
-- Source: return "restatement_log", see pipeline/intake/contracts/restatement_log.yaml.
SELECT
    t.restatement_id AS restatement_id,
    t.table_name AS table_name,
    t.row_period AS row_period,
    t.row_key AS row_key,
    t.column_name AS column_name,
    t.old_value AS old_value,
    t.new_value AS new_value,
    t.reason AS reason,
    t.entered_by AS entered_by,
    t.entered_on AS entered_on,
    t.approved_by AS approved_by,
    t.approved_on AS approved_on,
    t.source_file AS source_file,
    t.source_sheet AS source_sheet,
    t.source_row AS source_row,
    t.period AS period,
    t.maturity AS maturity,
    t.origin AS origin,
    t.revision AS revision
FROM raw.restatement_log AS t
