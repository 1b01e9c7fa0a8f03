-- 措施建议(只是建议,由市政府教育督导委员会在县(区)说明之后决定):一行一承诺、单位、分组(报告年度)。
-- A row is the step that the rules propose for one assessed unit, with the trigger spelled out: which years, which
-- classes, which value. The gravest one holds:
-- early_warning (预警): yellow once, or grey because nothing was reported; circular (通报): orange, or yellow two years
-- running; interview (约谈): red, or orange two years running, or "never falls" broken once; accountability (问责): red
-- two years running, or missed when due (unless a cause is shown); support (支持): achieved early and no unit short.
-- Two years running means last year at least as grave, as it is judged on the figures of today. Proven falsification
-- is no figure and is not proposed here. Only what is still open counts (class_colour), and what is mostly covered
-- before it is due is not behind. The budget of the municipal level itself has no county to be called in.
-- What blocks a step is said in four columns, and the step is not advised: a warning without an answered note on a
-- return that the figure rests on; figures that lay for fewer days than vintage_days when the last file of the edition
-- came (not_before is the first day on which they no longer are); fewer persons in the denominator than
-- small_denominator, or as few schools drawn in a sample; a class (of this year, or of last year where two years
-- count) that rests on preliminary figures, since such a class is never final. A count of all schools or villages is small by nature and does
-- not block.
WITH threshold AS (
    SELECT
        MAX(CASE WHEN t.name = 'small_denominator' THEN t.value_micro END) // 1000000 AS small_denominator,
        MAX(CASE WHEN t.name = 'vintage_days' THEN t.value_micro END) // 1000000 AS vintage_days
    FROM raw.threshold AS t
),
commitment AS (
    SELECT
        c.id AS commitment_id,
        c.kind AS kind,
        COALESCE(c.denominator_counts IN ('persons', 'sample'), FALSE) AS moves_by_chance
    FROM raw.commitment AS c
),
unit AS (
    SELECT
        h.commitment_id AS commitment_id,
        h.area_code AS area_code,
        h.segment AS segment,
        h.previous_period AS previous_period,
        h.period AS period,
        h.class AS class,
        h.reason AS reason,
        CASE WHEN h.previous_period < h.period THEN h.restated_class END AS previous_class,
        h.value_num AS value_num,
        h.value_den AS value_den,
        h.restated_num AS previous_num,
        h.restated_den AS previous_den
    FROM progress.verdict_change AS h
    INNER JOIN core.area AS a ON a.area_code = h.area_code
    WHERE h.assessed AND NOT h.is_total AND a.unit_role <> 'own_level'
),
colour AS (
    SELECT
        l.class AS class,
        l.colour AS colour,
        CASE WHEN l.is_open THEN l.severity ELSE 0 END AS severity
    FROM progress.class_colour AS l
),
summary AS (
    SELECT
        s.commitment_id AS commitment_id,
        s.counties_short AS counties_short
    FROM progress.summary AS s
),
graded AS (
    SELECT
        u.commitment_id AS commitment_id,
        u.area_code AS area_code,
        u.segment AS segment,
        u.previous_period AS previous_period,
        u.period AS period,
        u.class AS class,
        u.previous_class AS previous_class,
        u.value_num AS value_num,
        u.value_den AS value_den,
        u.previous_num AS previous_num,
        u.previous_den AS previous_den,
        n.colour AS colour,
        o.colour AS previous_colour,
        CASE
            WHEN u.class IN ('missed', 'overdue', 'milestone_overdue') THEN 'missed_when_due'
            WHEN n.severity = 3 AND o.severity = 3 THEN 'red_twice'
            WHEN u.class = 'broken' THEN 'never_decrease_broken'
            WHEN n.severity = 3 THEN 'red_once'
            WHEN n.severity = 2 AND o.severity >= 2 THEN 'orange_twice'
            WHEN n.severity = 2 THEN 'orange_once'
            WHEN n.severity = 1 AND o.severity >= 1 THEN 'yellow_twice'
            WHEN n.severity = 1 THEN 'yellow_once'
            WHEN c.kind IN ('level_by_year', 'never_decrease') AND u.reason = 'no_value' THEN 'nothing_reported'
            WHEN u.class = 'achieved_early' AND s.counties_short = 0 THEN 'achieved_early'
        END AS trigger_code
    FROM unit AS u
    INNER JOIN commitment AS c ON c.commitment_id = u.commitment_id
    INNER JOIN summary AS s ON s.commitment_id = u.commitment_id
    INNER JOIN colour AS n ON n.class = u.class
    LEFT JOIN colour AS o ON o.class = u.previous_class
),
vintage AS (
    SELECT
        i.commitment_id AS commitment_id,
        MAX(i.received_on) AS newest_received_on,
        MIN(i.age_days) AS age_days,
        MAX(i.settled_on) AS not_before
    FROM raw.commitment_input AS i
    GROUP BY i.commitment_id
),
rests_on AS (
    SELECT DISTINCT
        i.commitment_id AS commitment_id,
        i.table_name AS table_name,
        i.period_from AS period_from,
        i.period_to AS period_to
    FROM raw.commitment_input AS i
),
-- a warning counts once for a unit, however many files it touches; without a return or a year it touches them all
warned AS (
    SELECT DISTINCT
        g.commitment_id AS commitment_id,
        g.area_code AS area_code,
        w.finding_id AS finding_id
    FROM graded AS g
    INNER JOIN rests_on AS r ON r.commitment_id = g.commitment_id
    INNER JOIN raw.open_warning AS w
        ON (w.table_name = r.table_name OR w.table_name = '')
        AND (w.area_code = g.area_code OR w.area_code = '')
        AND (w.period IS NULL OR w.period BETWEEN r.period_from AND r.period_to)
    WHERE g.trigger_code IS NOT NULL
),
open_warnings AS (
    SELECT
        w.commitment_id AS commitment_id,
        w.area_code AS area_code,
        COUNT(w.finding_id) AS warnings
    FROM warned AS w
    GROUP BY w.commitment_id, w.area_code
),
observation AS (
    SELECT
        o.commitment_id AS commitment_id,
        o.area_code AS area_code,
        o.segment AS segment,
        o.denominator AS denominator
    FROM progress.observation AS o
    WHERE o.is_reported
),
preliminary AS (
    SELECT
        v.commitment_id AS commitment_id,
        v.area_code AS area_code,
        v.segment AS segment,
        v.period AS period
    FROM progress.verdict AS v
    WHERE v.flag_preliminary
),
gap AS (
    SELECT
        v.commitment_id AS commitment_id,
        v.area_code AS area_code,
        v.segment AS segment,
        v.target_num AS target_num,
        v.target_den AS target_den,
        v.due_period AS due_period,
        v.gap_persons AS gap_persons
    FROM progress.verdict AS v
    WHERE v.is_reported
),
blocked AS (
    SELECT
        g.commitment_id AS commitment_id,
        g.area_code AS area_code,
        g.segment AS segment,
        CAST(COALESCE(w.warnings, 0) AS BIGINT) AS open_warnings,
        COALESCE(w.warnings > 0, FALSE) AS blocked_by_open_warning,
        COALESCE(v.age_days < t.vintage_days AND g.trigger_code <> 'nothing_reported', FALSE) AS blocked_by_young_vintage,
        COALESCE(c.moves_by_chance AND o.denominator < t.small_denominator, FALSE) AS blocked_by_small_denominator,
        (
            (e.period IS NOT NULL AND g.trigger_code <> 'nothing_reported')
            OR (g.trigger_code IN ('red_twice', 'orange_twice', 'yellow_twice') AND f.period IS NOT NULL)
        ) AS blocked_by_preliminary
    FROM graded AS g
    INNER JOIN commitment AS c ON c.commitment_id = g.commitment_id
    CROSS JOIN threshold AS t
    LEFT JOIN vintage AS v ON v.commitment_id = g.commitment_id
    LEFT JOIN open_warnings AS w ON w.commitment_id = g.commitment_id AND w.area_code = g.area_code
    LEFT JOIN observation AS o
        ON o.commitment_id = g.commitment_id AND o.area_code = g.area_code AND o.segment = g.segment
    LEFT JOIN preliminary AS e
        ON e.commitment_id = g.commitment_id AND e.area_code = g.area_code AND e.segment = g.segment
        AND e.period = g.period
    LEFT JOIN preliminary AS f
        ON f.commitment_id = g.commitment_id AND f.area_code = g.area_code AND f.segment = g.segment
        AND f.period = g.previous_period
    WHERE g.trigger_code IS NOT NULL
)
SELECT
    g.commitment_id AS commitment_id,
    g.area_code AS area_code,
    g.segment AS segment,
    g.period AS period,
    CASE
        WHEN g.trigger_code IN ('missed_when_due', 'red_twice') THEN 'accountability'
        WHEN g.trigger_code IN ('never_decrease_broken', 'red_once', 'orange_twice') THEN 'interview'
        WHEN g.trigger_code IN ('orange_once', 'yellow_twice') THEN 'circular'
        WHEN g.trigger_code = 'achieved_early' THEN 'support'
        ELSE 'early_warning'
    END AS step,
    NOT b.blocked_by_open_warning AND NOT b.blocked_by_young_vintage AND NOT b.blocked_by_small_denominator
        AND NOT b.blocked_by_preliminary AS advised,
    g.trigger_code AS trigger_code,
    CASE WHEN g.trigger_code IN ('red_twice', 'orange_twice', 'yellow_twice') THEN g.previous_period ELSE g.period END
        AS trigger_from,
    g.period AS trigger_to,
    g.class AS class,
    g.colour AS colour,
    g.previous_class AS previous_class,
    g.previous_colour AS previous_colour,
    g.value_num AS value_num,
    g.value_den AS value_den,
    g.previous_num AS previous_num,
    g.previous_den AS previous_den,
    p.target_num AS target_num,
    p.target_den AS target_den,
    p.due_period AS due_period,
    p.gap_persons AS gap_persons,
    o.denominator AS denominator,
    b.open_warnings AS open_warnings,
    v.newest_received_on AS newest_received_on,
    v.age_days AS age_days,
    v.not_before AS not_before,
    b.blocked_by_open_warning AS blocked_by_open_warning,
    b.blocked_by_young_vintage AS blocked_by_young_vintage,
    b.blocked_by_small_denominator AS blocked_by_small_denominator,
    b.blocked_by_preliminary AS blocked_by_preliminary
FROM graded AS g
INNER JOIN blocked AS b ON b.commitment_id = g.commitment_id AND b.area_code = g.area_code AND b.segment = g.segment
INNER JOIN gap AS p ON p.commitment_id = g.commitment_id AND p.area_code = g.area_code AND p.segment = g.segment
LEFT JOIN vintage AS v ON v.commitment_id = g.commitment_id
LEFT JOIN observation AS o
    ON o.commitment_id = g.commitment_id AND o.area_code = g.area_code AND o.segment = g.segment
