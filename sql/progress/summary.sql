-- 承诺总览:一行一承诺,报告年度的结论。
-- A row is the class that a commitment gets as a whole in the reported period, with the units behind it.
-- Level by year: the class of the whole area. Never decrease: broken as soon as one tested series fell, because the
-- promise binds every level; kept if any rose and none fell; unchanged if none moved.
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
    WHERE v.kind = 'level_by_year' AND v.is_total
),
units AS (
    SELECT
        v.commitment_id AS commitment_id,
        SUM(CASE WHEN v.assessed AND v.class <> 'no_judgement' THEN 1 ELSE 0 END) AS units_tested,
        SUM(CASE WHEN v.class IN ('slightly_behind', 'behind', 'falling_back', 'missed') THEN 1 ELSE 0 END) AS units_behind,
        SUM(CASE WHEN v.assessed AND v.gap_persons > 0 THEN 1 ELSE 0 END) AS counties_short,
        SUM(CASE WHEN v.assessed THEN COALESCE(v.gap_persons, 0) ELSE 0 END) AS gross_shortfall
    FROM verdict AS v
    WHERE v.kind = 'level_by_year' AND NOT v.is_total
    GROUP BY v.commitment_id
),
never AS (
    SELECT
        v.commitment_id AS commitment_id,
        SUM(CASE WHEN v.class = 'broken' THEN 1 ELSE 0 END) AS broken,
        SUM(CASE WHEN v.class = 'kept' THEN 1 ELSE 0 END) AS kept,
        SUM(CASE WHEN v.class = 'unchanged' THEN 1 ELSE 0 END) AS unchanged,
        SUM(CASE WHEN v.class = 'no_judgement' THEN 1 ELSE 0 END) AS unjudged,
        MIN(CASE WHEN v.class = 'no_judgement' THEN v.reason END) AS reason
    FROM verdict AS v
    WHERE v.kind = 'never_decrease'
    GROUP BY v.commitment_id
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
        WHEN n.unjudged > 0 OR n.kept + n.unchanged = 0 THEN 'no_judgement'
        WHEN n.kept > 0 THEN 'kept'
        ELSE 'unchanged'
    END AS class,
    CASE WHEN n.broken = 0 THEN n.reason END AS reason,
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
