-- 活动台账:一行一次活动。
-- A row is one event, typed as received and placed in the present-day unit (area_code).
-- Source: return "event_log", see pipeline/intake/contracts/event_log.yaml; old unit codes through data_raw/<programme>/crosswalk.csv.
WITH received AS (
    SELECT
        t.event_id AS event_id,
        t.event_type AS event_type,
        t.event_date AS event_date,
        t.unit_code AS unit_code,
        t.role AS role,
        t.quantity AS quantity,
        t.evidence AS evidence,
        t.source_file AS source_file,
        t.source_sheet AS source_sheet,
        t.source_row AS source_row,
        t.period AS period,
        t.maturity AS maturity,
        t.origin AS origin,
        t.revision AS revision
    FROM raw.event_log AS t
),
crosswalk AS (
    SELECT
        c.old_code AS old_code,
        c.new_code AS new_code
    FROM raw.crosswalk AS c
),
final AS (
    SELECT
        r.event_id AS event_id,
        r.event_type AS event_type,
        r.event_date AS event_date,
        r.unit_code AS unit_code,
        r.role AS role,
        r.quantity AS quantity,
        r.evidence AS evidence,
        r.source_file AS source_file,
        r.source_sheet AS source_sheet,
        r.source_row AS source_row,
        r.period AS period,
        r.maturity AS maturity,
        r.origin AS origin,
        r.revision AS revision,
        COALESCE(x.new_code, r.unit_code) AS area_code
    FROM received AS r
    LEFT JOIN crosswalk AS x ON x.old_code = r.unit_code
)
SELECT
    f.event_id AS event_id,
    f.event_type AS event_type,
    f.event_date AS event_date,
    f.unit_code AS unit_code,
    f.role AS role,
    f.quantity AS quantity,
    f.evidence AS evidence,
    f.source_file AS source_file,
    f.source_sheet AS source_sheet,
    f.source_row AS source_row,
    f.period AS period,
    f.maturity AS maturity,
    f.origin AS origin,
    f.revision AS revision,
    f.area_code AS area_code
FROM final AS f
