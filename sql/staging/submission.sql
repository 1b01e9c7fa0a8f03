-- 报送清单:登记的每个文件,其报表版本、报送单位、收到日期、期限与迟报说明。
-- A row is one file of register.csv up to the reporting year; late_state says how it stands to its deadline:
-- in_time, no_deadline, correction (a file that replaces another is explained by its own reason), explained
-- (late, with a reason that can stand), or unexplained. Source: register.csv and the deadlines of plan.yaml.
SELECT
    s.table_name AS table_name,
    s.period_from AS period_from,
    s.period_to AS period_to,
    s.revision AS revision,
    s.path AS path,
    s.sha256 AS sha256,
    s.form_edition AS form_edition,
    s.supplier AS supplier,
    s.received_on AS received_on,
    s.maturity AS maturity,
    s.origin AS origin,
    s.supersedes AS supersedes,
    s.reason AS reason,
    s.late AS late,
    s.deadline AS deadline,
    s.in_force AS in_force,
    CASE
        WHEN s.supersedes <> '' THEN 'correction'
        WHEN s.deadline IS NULL THEN 'no_deadline'
        WHEN s.received_on <= s.deadline THEN 'in_time'
        WHEN s.late <> '' AND s.late_refusal = '' THEN 'explained'
        ELSE 'unexplained'
    END AS late_state,
    e.area_code AS area_code,
    'register.csv' AS source_file,
    '' AS source_sheet,
    s.register_row AS source_row
FROM raw.submission AS s
CROSS JOIN raw.edition AS e
