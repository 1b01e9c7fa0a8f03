-- 结论的颜色与轻重:一行一类结论。
-- A row is one class of a verdict with its colour and how grave it is: 0 none, 1 yellow, 2 orange, 3 red.
-- is_open: something is still to be done. A number reached late, or a rate within the sampling error, is shown in
-- yellow, but asks for nothing.
WITH listed AS (
    SELECT 'achieved_early' AS class, 'dark_green' AS colour, 0 AS severity, FALSE AS is_open
    UNION ALL SELECT 'achieved' AS class, 'dark_green' AS colour, 0 AS severity, FALSE AS is_open
    UNION ALL SELECT 'on_schedule' AS class, 'green' AS colour, 0 AS severity, TRUE AS is_open
    UNION ALL SELECT 'slightly_behind' AS class, 'yellow' AS colour, 1 AS severity, TRUE AS is_open
    UNION ALL SELECT 'behind' AS class, 'orange' AS colour, 2 AS severity, TRUE AS is_open
    UNION ALL SELECT 'falling_back' AS class, 'red' AS colour, 3 AS severity, TRUE AS is_open
    UNION ALL SELECT 'missed' AS class, 'red' AS colour, 3 AS severity, TRUE AS is_open
    UNION ALL SELECT 'kept' AS class, 'green' AS colour, 0 AS severity, FALSE AS is_open
    UNION ALL SELECT 'unchanged' AS class, 'green' AS colour, 0 AS severity, FALSE AS is_open
    UNION ALL SELECT 'broken' AS class, 'red' AS colour, 3 AS severity, TRUE AS is_open
    UNION ALL SELECT 'step_reached' AS class, 'green' AS colour, 0 AS severity, FALSE AS is_open
    UNION ALL SELECT 'within_error' AS class, 'yellow' AS colour, 1 AS severity, FALSE AS is_open
    UNION ALL SELECT 'step_missed' AS class, 'red' AS colour, 3 AS severity, TRUE AS is_open
    UNION ALL SELECT 'all_met' AS class, 'green' AS colour, 0 AS severity, FALSE AS is_open
    UNION ALL SELECT 'partly_met' AS class, 'orange' AS colour, 2 AS severity, TRUE AS is_open
    UNION ALL SELECT 'none_met' AS class, 'red' AS colour, 3 AS severity, TRUE AS is_open
    UNION ALL SELECT 'met' AS class, 'green' AS colour, 0 AS severity, FALSE AS is_open
    UNION ALL SELECT 'not_met' AS class, 'red' AS colour, 3 AS severity, TRUE AS is_open
    UNION ALL SELECT 'completed' AS class, 'dark_green' AS colour, 0 AS severity, FALSE AS is_open
    UNION ALL SELECT 'completed_late' AS class, 'yellow' AS colour, 1 AS severity, FALSE AS is_open
    UNION ALL SELECT 'overdue' AS class, 'red' AS colour, 3 AS severity, TRUE AS is_open
    UNION ALL SELECT 'covered' AS class, 'dark_green' AS colour, 0 AS severity, FALSE AS is_open
    UNION ALL SELECT 'mostly_covered' AS class, 'yellow' AS colour, 1 AS severity, TRUE AS is_open
    UNION ALL SELECT 'not_covered' AS class, 'red' AS colour, 3 AS severity, TRUE AS is_open
    UNION ALL SELECT 'all_units_met' AS class, 'green' AS colour, 0 AS severity, FALSE AS is_open
    UNION ALL SELECT 'some_units_not_met' AS class, 'red' AS colour, 3 AS severity, TRUE AS is_open
    UNION ALL SELECT 'on_time' AS class, 'green' AS colour, 0 AS severity, FALSE AS is_open
    UNION ALL SELECT 'window_open' AS class, 'grey' AS colour, 0 AS severity, TRUE AS is_open
    UNION ALL SELECT 'window_missed' AS class, 'red' AS colour, 3 AS severity, TRUE AS is_open
    UNION ALL SELECT 'done' AS class, 'dark_green' AS colour, 0 AS severity, FALSE AS is_open
    UNION ALL SELECT 'in_progress' AS class, 'green' AS colour, 0 AS severity, TRUE AS is_open
    UNION ALL SELECT 'milestone_overdue' AS class, 'red' AS colour, 3 AS severity, TRUE AS is_open
    UNION ALL SELECT 'monitored' AS class, 'grey' AS colour, 0 AS severity, FALSE AS is_open
    UNION ALL SELECT 'no_judgement' AS class, 'grey' AS colour, 0 AS severity, TRUE AS is_open
)
SELECT
    l.class AS class,
    l.colour AS colour,
    CAST(l.severity AS BIGINT) AS severity,
    l.is_open AS is_open
FROM listed AS l
