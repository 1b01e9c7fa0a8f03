-- 数量类判定:一行一承诺、单位、年度。
-- A row is the class of one count_by_year commitment. The number in the due year decides: completed, overdue, or
-- completed late where it came afterwards. Before: the share of the number against the share of the time elapsed,
-- rho = (x / N) / ((t - base) / (due - base)), with the cuts of the schedule. Without a due year the number is asked
-- in every period (recurring), or goes on. Once the due year is over, preliminary data give no verdict: neither a
-- preliminary number of the year nor one of the due year that says "reached". Units without a target of their own are only shown.
WITH tested AS (
    SELECT
        v.commitment_id AS commitment_id,
        v.area_code AS area_code,
        v.segment AS segment,
        v.period AS period,
        v.is_total AS is_total,
        v.sign AS sign,
        v.report_only AS report_only,
        v.value_is AS value_is,
        v.due_basis AS due_basis,
        v.base_period AS base_period,
        v.due_period AS due_period,
        v.value_num AS value_num,
        v.value_den AS value_den,
        v.target_num AS target_num,
        v.target_den AS target_den,
        v.on_schedule_ratio AS on_schedule_ratio,
        v.slightly_behind_ratio AS slightly_behind_ratio,
        v.maturity AS maturity,
        v.grey AS grey
    FROM progress.tested_value AS v
    WHERE v.kind = 'count_by_year'
),
reached AS (
    SELECT
        t.commitment_id AS commitment_id,
        t.area_code AS area_code,
        t.segment AS segment,
        t.period AS period,
        t.sign * (t.value_num * t.target_den - t.target_num * t.value_den) >= 0 AS is_reached,
        CASE WHEN d.maturity = 'final' THEN d.sign * (d.value_num * d.target_den - d.target_num * d.value_den) >= 0 END
            AS was_reached,
        COALESCE(t.period > t.due_period AND d.maturity <> 'final', FALSE) AS due_is_preliminary,
        COALESCE(
            d.maturity <> 'final' AND d.sign * (d.value_num * d.target_den - d.target_num * d.value_den) >= 0, FALSE
        ) AS may_have_been_reached,
        COALESCE(t.period >= t.due_period, t.due_basis = 'recurring') AS is_due,
        CASE WHEN t.due_period IS NOT NULL
            THEN t.value_num * t.target_den * CAST(t.due_period - t.base_period AS DECIMAL(38, 0)) END AS rho_num,
        CASE WHEN t.due_period IS NOT NULL
            THEN t.target_num * t.value_den
                * CAST(CASE WHEN t.period < t.due_period THEN t.period ELSE t.due_period END - t.base_period AS DECIMAL(38, 0))
        END AS rho_den
    FROM tested AS t
    LEFT JOIN tested AS d
        ON d.commitment_id = t.commitment_id AND d.area_code = t.area_code AND d.segment = t.segment
        AND d.period = t.due_period AND d.value_num IS NOT NULL
),
classed AS (
    SELECT
        t.commitment_id AS commitment_id,
        t.area_code AS area_code,
        t.segment AS segment,
        t.period AS period,
        r.rho_num AS rho_num,
        r.rho_den AS rho_den,
        CASE
            WHEN t.grey = 'not_due' THEN NULL
            WHEN t.grey = 'not_assessed' THEN 'no_judgement'
            WHEN NOT t.is_total AND t.value_is = 'amount' AND t.value_num IS NOT NULL THEN 'monitored'
            WHEN t.period > t.due_period AND r.was_reached AND NOT t.report_only THEN 'completed'
            WHEN t.grey IS NOT NULL THEN 'no_judgement'
            WHEN t.report_only THEN 'monitored'
            WHEN t.period > t.due_period AND (t.maturity <> 'final' OR r.may_have_been_reached) THEN 'no_judgement'
            WHEN t.maturity = 'final' AND r.is_reached AND t.period > t.due_period AND r.was_reached IS NULL
                THEN 'no_judgement'
            WHEN t.maturity = 'final' AND r.is_reached AND t.period > t.due_period THEN 'completed_late'
            WHEN t.maturity = 'final' AND r.is_reached THEN 'completed'
            WHEN t.maturity = 'final' AND r.is_due THEN 'overdue'
            WHEN t.due_period IS NULL AND r.is_due THEN 'no_judgement'
            WHEN t.due_period IS NULL THEN 'in_progress'
            WHEN r.is_reached OR r.rho_num * 1000000 >= t.on_schedule_ratio * r.rho_den THEN 'on_schedule'
            WHEN r.rho_num * 1000000 >= t.slightly_behind_ratio * r.rho_den THEN 'slightly_behind'
            ELSE 'behind'
        END AS class,
        CASE
            WHEN t.grey IS NOT NULL THEN NULLIF(t.grey, 'not_due')
            WHEN t.maturity = 'final' AND NOT r.due_is_preliminary THEN 'no_due_value'
            ELSE 'preliminary'
        END AS why,
        COALESCE(t.maturity <> 'final', FALSE) OR r.due_is_preliminary AS flag_preliminary
    FROM tested AS t
    INNER JOIN reached AS r
        ON r.commitment_id = t.commitment_id AND r.area_code = t.area_code AND r.segment = t.segment
        AND r.period = t.period
)
SELECT
    c.commitment_id AS commitment_id,
    c.area_code AS area_code,
    c.segment AS segment,
    c.period AS period,
    c.rho_num AS rho_num,
    c.rho_den AS rho_den,
    c.class AS class,
    CASE WHEN c.class = 'no_judgement' THEN c.why END AS reason,
    c.flag_preliminary AS flag_preliminary,
    -- completed when due, and fewer now
    COALESCE(c.class = 'completed' AND NOT r.is_reached, FALSE) AS flag_met_but_fell
FROM classed AS c
INNER JOIN reached AS r
    ON r.commitment_id = c.commitment_id AND r.area_code = c.area_code AND r.segment = c.segment AND r.period = c.period
