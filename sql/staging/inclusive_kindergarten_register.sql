-- 普惠性民办园认定:一行一个认定文件,每学年一份全表。
-- A row is one recognition as it stood in one school year, typed as received and placed in the present-day unit (area_code).
-- Source: return "inclusive_kindergarten_register", see pipeline/intake/contracts/inclusive_kindergarten_register.yaml; old unit codes through data_raw/<programme>/crosswalk.csv.
WITH received AS (
    SELECT
        t.school_id AS school_id,
        t.decision_no AS decision_no,
        t.recognised_from AS recognised_from,
        t.recognised_to AS recognised_to,
        t.withdrawn_on AS withdrawn_on,
        t.fee_month AS fee_month,
        t.fee_ceiling AS fee_ceiling,
        t.subsidy_per_child AS subsidy_per_child,
        t.decided_by AS decided_by,
        t.source_file AS source_file,
        t.source_sheet AS source_sheet,
        t.source_row AS source_row,
        t.period AS period,
        t.maturity AS maturity,
        t.origin AS origin,
        t.revision AS revision
    FROM raw.inclusive_kindergarten_register AS t
),
crosswalk AS (
    SELECT
        c.old_code AS old_code,
        c.new_code AS new_code
    FROM raw.crosswalk AS c
),
register AS (
    SELECT
        s.school_id AS school_id,
        s.school_year AS school_year,
        MIN(COALESCE(x.new_code, s.county_code)) AS county_code
    FROM raw.school_register AS s
    LEFT JOIN crosswalk AS x ON x.old_code = s.county_code
    GROUP BY s.school_id, s.school_year
),
final AS (
    SELECT
        r.school_id AS school_id,
        r.decision_no AS decision_no,
        r.recognised_from AS recognised_from,
        r.recognised_to AS recognised_to,
        r.withdrawn_on AS withdrawn_on,
        r.fee_month AS fee_month,
        r.fee_ceiling AS fee_ceiling,
        r.subsidy_per_child AS subsidy_per_child,
        r.decided_by AS decided_by,
        r.source_file AS source_file,
        r.source_sheet AS source_sheet,
        r.source_row AS source_row,
        r.period AS period,
        r.maturity AS maturity,
        r.origin AS origin,
        r.revision AS revision,
        g.county_code AS area_code
    FROM received AS r
    LEFT JOIN register AS g ON g.school_id = r.school_id AND g.school_year = r.period
)
SELECT
    f.school_id AS school_id,
    f.decision_no AS decision_no,
    f.recognised_from AS recognised_from,
    f.recognised_to AS recognised_to,
    f.withdrawn_on AS withdrawn_on,
    f.fee_month AS fee_month,
    f.fee_ceiling AS fee_ceiling,
    f.subsidy_per_child AS subsidy_per_child,
    f.decided_by AS decided_by,
    f.source_file AS source_file,
    f.source_sheet AS source_sheet,
    f.source_row AS source_row,
    f.period AS period,
    f.maturity AS maturity,
    f.origin AS origin,
    f.revision AS revision,
    f.area_code AS area_code
FROM final AS f
