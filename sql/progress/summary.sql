-- 承诺总览:一行一承诺,报告年度的结论。
-- A row is the class that a commitment gets as a whole in the reported period, with the units behind it.
-- Level by year: the class of the whole area; parts of it that are known beside the whole (segments) are shown only. Never decrease: broken as soon as one tested series fell, because the
-- promise binds every level; kept if any rose and none fell; unchanged if none moved. A unit without the stage that is
-- paid for is not asked.
-- Floors and ceilings on amounts, and comparisons, bind every assessed unit: all meet it, some, or none; a unit that
-- could not be judged keeps the others from being "all". The other kinds take the class of the whole area. A
-- commitment without a figure is listed as such.
WITH verdict AS (
    SELECT
        v.commitment_id AS commitment_id,
        v.kind AS kind,
        v.area_code AS area_code,
        v.segment AS segment,
        v.is_total AS is_total,
        v.assessed AS assessed,
        v.class AS class,
        v.reason AS reason,
        v.gap_persons AS gap_persons,
        v.surplus_persons AS surplus_persons
    FROM progress.verdict AS v
    WHERE v.is_reported
),
level AS (
    SELECT
        v.commitment_id AS commitment_id,
        v.class AS class,
        v.reason AS reason,
        v.gap_persons AS gap_persons,
        v.surplus_persons AS surplus_persons
    FROM verdict AS v
    WHERE v.kind = 'level_by_year' AND v.is_total AND v.segment = 'all'
),
units AS (
    SELECT
        v.commitment_id AS commitment_id,
        SUM(CASE WHEN v.assessed AND v.class <> 'no_judgement' THEN 1 ELSE 0 END) AS units_tested,
        SUM(CASE WHEN v.class IN ('slightly_behind', 'behind', 'falling_back', 'missed') THEN 1 ELSE 0 END) AS units_behind,
        SUM(CASE WHEN v.assessed AND v.gap_persons > 0 THEN 1 ELSE 0 END) AS counties_short,
        SUM(CASE WHEN v.assessed THEN COALESCE(v.gap_persons, 0) ELSE 0 END) AS gross_shortfall
    FROM verdict AS v
    WHERE v.kind = 'level_by_year' AND NOT v.is_total AND v.segment = 'all'
    GROUP BY v.commitment_id
),
never AS (
    SELECT
        v.commitment_id AS commitment_id,
        SUM(CASE WHEN v.class = 'broken' THEN 1 ELSE 0 END) AS broken,
        SUM(CASE WHEN v.class = 'kept' THEN 1 ELSE 0 END) AS kept,
        SUM(CASE WHEN v.class = 'unchanged' THEN 1 ELSE 0 END) AS unchanged,
        SUM(CASE WHEN v.class = 'no_judgement' AND v.reason <> 'no_such_stage' THEN 1 ELSE 0 END) AS unjudged,
        SUM(CASE WHEN v.class = 'monitored' THEN 1 ELSE 0 END) AS monitored,
        SUM(CASE WHEN v.reason = 'not_raised' THEN 1 ELSE 0 END) AS not_raised,
        MIN(CASE WHEN v.class = 'no_judgement' AND v.reason <> 'no_such_stage' THEN v.reason END) AS reason
    FROM verdict AS v
    WHERE v.kind = 'never_decrease'
    GROUP BY v.commitment_id
),
commitment AS (
    SELECT
        c.id AS commitment_id,
        c.kind AS kind,
        c.counties = 'assessed'
        AND COALESCE(c.operator <> 'report', TRUE)
        AND (c.kind = 'comparative' OR (c.kind IN ('floor', 'ceiling') AND c.value_is = 'amount')) AS binds_units,
        c.kind = 'full_coverage' OR COALESCE(c.value_is = 'share_complying', FALSE) AS asks_for_all
    FROM raw.commitment AS c
    WHERE c.kind NOT IN ('level_by_year', 'never_decrease')
),
-- the class of the whole area; where it is known by segment only, every segment binds
whole AS (
    SELECT
        v.commitment_id AS commitment_id,
        MAX(CASE WHEN v.segment = 'all' THEN v.class END) AS class,
        MAX(CASE WHEN v.segment = 'all' THEN v.reason END) AS reason,
        SUM(CASE WHEN v.segment = 'all' THEN 1 ELSE 0 END) AS wholes,
        MIN(v.class) AS first_class,
        MAX(v.class) AS last_class,
        MIN(CASE
            WHEN v.class IN (
                'step_missed', 'none_met', 'partly_met', 'not_met', 'overdue', 'not_covered', 'window_missed',
                'milestone_overdue'
            ) THEN v.class
        END) AS failing_class,
        SUM(CASE WHEN v.class = 'no_judgement' THEN 1 ELSE 0 END) AS segments_unjudged,
        MIN(CASE WHEN v.class = 'no_judgement' THEN v.reason END) AS segments_reason,
        MAX(CASE WHEN v.segment = 'all' THEN v.gap_persons - v.surplus_persons END) AS net_gap
    FROM verdict AS v
    WHERE v.is_total AND v.kind NOT IN ('level_by_year', 'never_decrease')
    GROUP BY v.commitment_id
),
whole_class AS (
    SELECT
        w.commitment_id AS commitment_id,
        CASE
            WHEN w.wholes > 0 THEN w.class
            WHEN w.failing_class IS NOT NULL THEN w.failing_class
            WHEN w.segments_unjudged > 0 THEN 'no_judgement'
            WHEN w.first_class = w.last_class THEN w.first_class
            ELSE 'in_progress'
        END AS class,
        CASE
            WHEN w.wholes > 0 THEN w.reason
            WHEN w.failing_class IS NULL AND w.segments_unjudged > 0 THEN w.segments_reason
        END AS reason,
        w.net_gap AS net_gap
    FROM whole AS w
),
-- a unit fails when one of its segments does; a small unit, or one that is only shown, does not count
bound AS (
    SELECT
        v.commitment_id AS commitment_id,
        v.area_code AS area_code,
        MAX(CASE WHEN v.class IN ('not_met', 'none_met', 'partly_met') THEN 1 ELSE 0 END) AS fails,
        MAX(CASE WHEN v.class IN ('met', 'all_met') THEN 1 ELSE 0 END) AS passes,
        MAX(CASE WHEN v.class = 'in_progress' THEN 1 ELSE 0 END) AS goes_on,
        MIN(CASE WHEN v.class = 'no_judgement' AND v.reason NOT IN ('small_denominator', 'no_such_stage') THEN v.reason END)
            AS reason,
        MAX(CASE WHEN v.class IN ('no_judgement', 'monitored') OR v.class IS NULL THEN 0 ELSE 1 END) AS tested,
        MAX(CASE
            WHEN v.class IN (
                'step_missed', 'none_met', 'partly_met', 'not_met', 'overdue', 'mostly_covered', 'not_covered',
                'window_missed', 'milestone_overdue'
            ) THEN 1 ELSE 0
        END) AS behind,
        SUM(COALESCE(v.gap_persons, 0)) AS gap_persons
    FROM verdict AS v
    WHERE v.assessed AND NOT v.is_total AND v.kind NOT IN ('level_by_year', 'never_decrease')
    GROUP BY v.commitment_id, v.area_code
),
bound_units AS (
    SELECT
        b.commitment_id AS commitment_id,
        SUM(b.fails) AS fails,
        SUM(CASE WHEN b.fails = 0 THEN b.passes ELSE 0 END) AS passes,
        SUM(CASE WHEN b.fails = 0 THEN b.goes_on ELSE 0 END) AS goes_on,
        SUM(CASE WHEN b.fails = 0 AND b.passes = 0 AND b.goes_on = 0 AND b.reason IS NOT NULL THEN 1 ELSE 0 END)
            AS unjudged,
        MIN(CASE WHEN b.fails = 0 AND b.passes = 0 AND b.goes_on = 0 THEN b.reason END) AS reason,
        SUM(b.tested) AS tested,
        SUM(b.behind) AS behind,
        SUM(CASE WHEN b.gap_persons > 0 THEN 1 ELSE 0 END) AS short,
        SUM(b.gap_persons) AS gap_persons
    FROM bound AS b
    GROUP BY b.commitment_id
),
other AS (
    SELECT
        w.commitment_id AS commitment_id,
        w.class AS whole_class,
        w.reason AS whole_reason,
        w.net_gap AS net_gap,
        -- where no unit could be tested, all of them being small, the whole area decides
        COALESCE(c.binds_units AND b.fails + b.passes + b.goes_on + b.unjudged > 0, FALSE) AS binds_units,
        -- a surplus of one unit does not make up for another: "all" is not said while a unit lacks some
        COALESCE(c.asks_for_all AND b.behind > 0, FALSE) AS lacks_some,
        CASE
            WHEN c.kind = 'comparative' AND b.fails > 0 THEN 'some_units_not_met'
            WHEN b.fails > 0 AND b.passes = 0 THEN 'none_met'
            WHEN b.fails > 0 THEN 'partly_met'
            WHEN b.unjudged > 0 THEN 'no_judgement'
            WHEN b.goes_on > 0 THEN 'in_progress'
            WHEN c.kind = 'comparative' THEN 'all_units_met'
            ELSE 'all_met'
        END AS units_class,
        CASE WHEN b.fails = 0 AND b.unjudged > 0 THEN b.reason END AS units_reason,
        b.tested AS tested,
        b.behind AS behind,
        b.short AS short,
        b.gap_persons AS gap_persons
    FROM whole_class AS w
    INNER JOIN commitment AS c ON c.commitment_id = w.commitment_id
    LEFT JOIN bound_units AS b ON b.commitment_id = w.commitment_id
),
no_figure AS (
    SELECT
        c.id AS commitment_id
    FROM raw.commitment AS c
    WHERE c.indicator_id IS NULL
)
SELECT
    l.commitment_id AS commitment_id,
    l.class AS class,
    l.reason AS reason,
    CAST(COALESCE(u.units_tested, 0) AS BIGINT) AS units_tested,
    CAST(0 AS BIGINT) AS units_broken,
    CAST(COALESCE(u.units_behind, 0) AS BIGINT) AS units_behind,
    CAST(COALESCE(u.gross_shortfall, 0) AS BIGINT) AS gross_shortfall,
    CAST(l.gap_persons - l.surplus_persons AS BIGINT) AS net_gap,
    CAST(COALESCE(u.counties_short, 0) AS BIGINT) AS counties_short,
    COALESCE(l.class IN ('achieved', 'achieved_early') AND u.gross_shortfall > 0, FALSE) AS achieved_but_uneven
FROM level AS l
LEFT JOIN units AS u ON u.commitment_id = l.commitment_id
UNION ALL
SELECT
    n.commitment_id AS commitment_id,
    CASE
        WHEN n.broken > 0 THEN 'broken'
        WHEN n.monitored > 0 THEN 'monitored'
        WHEN n.unjudged > 0 OR n.kept + n.unchanged = 0 THEN 'no_judgement'
        WHEN n.kept > 0 THEN 'kept'
        ELSE 'unchanged'
    END AS class,
    CASE
        WHEN n.broken > 0 AND n.broken = n.not_raised THEN 'not_raised'
        WHEN n.broken = 0 AND n.monitored = 0 THEN n.reason
    END AS reason,
    CAST(n.broken + n.kept + n.unchanged AS BIGINT) AS units_tested,
    CAST(n.broken AS BIGINT) AS units_broken,
    CAST(n.broken AS BIGINT) AS units_behind,
    CAST(NULL AS BIGINT) AS gross_shortfall,
    CAST(NULL AS BIGINT) AS net_gap,
    CAST(0 AS BIGINT) AS counties_short,
    FALSE AS achieved_but_uneven
FROM never AS n
UNION ALL
SELECT
    o.commitment_id AS commitment_id,
    CASE
        WHEN o.binds_units THEN o.units_class
        WHEN o.lacks_some AND o.whole_class = 'covered' THEN 'mostly_covered'
        WHEN o.lacks_some AND o.whole_class = 'all_met' THEN 'partly_met'
        WHEN o.lacks_some AND o.whole_class = 'on_time' THEN 'window_missed'
        WHEN o.lacks_some AND o.whole_class = 'completed' THEN 'overdue'
        WHEN o.lacks_some AND o.whole_class = 'done' THEN 'in_progress'
        ELSE o.whole_class
    END AS class,
    CASE WHEN o.binds_units THEN o.units_reason ELSE o.whole_reason END AS reason,
    CAST(COALESCE(o.tested, 0) AS BIGINT) AS units_tested,
    CAST(0 AS BIGINT) AS units_broken,
    CAST(COALESCE(o.behind, 0) AS BIGINT) AS units_behind,
    CAST(o.gap_persons AS BIGINT) AS gross_shortfall,
    CAST(o.net_gap AS BIGINT) AS net_gap,
    CAST(COALESCE(o.short, 0) AS BIGINT) AS counties_short,
    COALESCE(
        o.whole_class IN ('met', 'all_met', 'completed', 'completed_late', 'covered', 'on_time', 'done', 'step_reached')
        AND o.behind > 0,
        FALSE
    ) AS achieved_but_uneven
FROM other AS o
UNION ALL
SELECT
    f.commitment_id AS commitment_id,
    'no_judgement' AS class,
    'no_figure' AS reason,
    CAST(0 AS BIGINT) AS units_tested,
    CAST(0 AS BIGINT) AS units_broken,
    CAST(0 AS BIGINT) AS units_behind,
    CAST(NULL AS BIGINT) AS gross_shortfall,
    CAST(NULL AS BIGINT) AS net_gap,
    CAST(0 AS BIGINT) AS counties_short,
    FALSE AS achieved_but_uneven
FROM no_figure AS f
