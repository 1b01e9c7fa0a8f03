-- E09 每条警告都有填报说明(不少于十个字,不是套话);逐条列不下的警告说明不了,也不予发布。
-- A row is one warning without a note that can stand, or the rest of warnings too many to be told one by one.
SELECT
    f.table_name AS table_name,
    f.source_file AS source_file,
    f.source_sheet AS source_sheet,
    f.source_row AS source_row,
    f.column_name AS column_name,
    f.value AS value,
    f.area_code AS area_code,
    f.period AS period,
    '' AS expected,
    f.rule || ' ' || f.finding_id AS detail,
    COALESCE(n.refusal, 'missing') AS variant
FROM quality.finding AS f
LEFT JOIN raw.note AS n ON n.finding_id = f.finding_id
WHERE f.severity = 'warning' AND f.outcome = 'failed' AND (n.finding_id IS NULL OR n.refusal <> '')
UNION ALL
SELECT
    f.table_name AS table_name,
    f.source_file AS source_file,
    f.source_sheet AS source_sheet,
    f.source_row AS source_row,
    f.column_name AS column_name,
    CAST(f.more AS VARCHAR) AS value,
    f.area_code AS area_code,
    f.period AS period,
    '' AS expected,
    f.rule AS detail,
    'too_many' AS variant
FROM quality.finding AS f
WHERE f.severity = 'warning' AND f.outcome = 'failed' AND f.more > 0
