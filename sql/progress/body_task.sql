-- 责任单位任务表:一行一责任单位、角色(主责、配合)、承诺、单位、分组(报告年度)。
-- A row is what one body answers for: a commitment in the whole area (the class of the summary) or in one assessed
-- unit, with its class, what is missing and what is asked. The bodies come from the plan file.
-- asked: supply_data (no figure, or nothing reported), restore (fell although it may not), close_gap (behind, missed,
-- not met), keep_on (on schedule, in progress), hold (reached), wait (cannot be judged yet), none (monitored only, or not applicable).
WITH body AS (
    SELECT
        b.commitment_id AS commitment_id,
        b.role AS role,
        b.position AS position,
        b.body_zh AS body_zh,
        b.body_en AS body_en
    FROM raw.body AS b
),
commitment AS (
    SELECT
        c.id AS commitment_id,
        c.reported_period AS period,
        COALESCE(c.unit = 'count' AND c.value_is = 'amount', FALSE) AS is_number
    FROM raw.commitment AS c
),
edition AS (
    SELECT
        e.area_code AS area_code
    FROM raw.edition AS e
),
verdict AS (
    SELECT
        v.commitment_id AS commitment_id,
        v.area_code AS area_code,
        v.segment AS segment,
        v.is_total AS is_total,
        v.assessed AS assessed,
        v.class AS class,
        v.reason AS reason,
        v.gap_persons AS gap_persons
    FROM progress.verdict AS v
    WHERE v.is_reported
),
task AS (
    SELECT
        s.commitment_id AS commitment_id,
        e.area_code AS area_code,
        'all' AS segment,
        TRUE AS is_total,
        s.class AS class,
        s.reason AS reason,
        v.gap_persons AS gap_persons,
        s.gross_shortfall AS gross_shortfall,
        s.units_behind AS units_behind
    FROM progress.summary AS s
    CROSS JOIN edition AS e
    LEFT JOIN verdict AS v ON v.commitment_id = s.commitment_id AND v.is_total AND v.segment = 'all'
    UNION ALL
    SELECT
        v.commitment_id AS commitment_id,
        v.area_code AS area_code,
        v.segment AS segment,
        FALSE AS is_total,
        v.class AS class,
        v.reason AS reason,
        v.gap_persons AS gap_persons,
        CAST(NULL AS BIGINT) AS gross_shortfall,
        CAST(NULL AS BIGINT) AS units_behind
    FROM verdict AS v
    WHERE v.assessed AND NOT v.is_total
)
SELECT
    b.body_zh AS body_zh,
    b.body_en AS body_en,
    b.role AS role,
    t.commitment_id AS commitment_id,
    t.area_code AS area_code,
    t.segment AS segment,
    c.period AS period,
    t.is_total AS is_total,
    t.class AS class,
    t.reason AS reason,
    l.colour AS colour,
    -- a number asked of the whole area is not asked of each unit
    CASE WHEN t.is_total OR NOT c.is_number THEN t.gap_persons END AS gap_persons,
    t.gross_shortfall AS gross_shortfall,
    t.units_behind AS units_behind,
    CASE
        WHEN t.class = 'monitored' OR t.reason IN ('no_such_stage', 'none_due') THEN 'none'
        WHEN t.class = 'no_judgement' AND t.reason IN ('no_value', 'no_figure', 'no_base', 'no_benchmark', 'no_due_value', 'not_addable', 'some_blank')
            THEN 'supply_data'
        WHEN t.class IN ('no_judgement', 'window_open') THEN 'wait'
        WHEN t.class = 'broken' THEN 'restore'
        WHEN l.is_open AND l.severity > 0 THEN 'close_gap'
        WHEN l.is_open THEN 'keep_on'
        ELSE 'hold'
    END AS asked
FROM task AS t
INNER JOIN commitment AS c ON c.commitment_id = t.commitment_id
INNER JOIN body AS b ON b.commitment_id = t.commitment_id
INNER JOIN progress.class_colour AS l ON l.class = t.class
