-- 里程碑类判定:一行一承诺、单位、年度。
-- A row is the class of one milestone: done, in progress, or overdue. The figure counts only what a document with a
-- number proves, so done means proven. Without a due year it is never overdue. Preliminary data give no verdict once
-- it is due.
WITH tested AS (
    SELECT
        v.commitment_id AS commitment_id,
        v.area_code AS area_code,
        v.segment AS segment,
        v.period AS period,
        v.report_only AS report_only,
        v.due_period AS due_period,
        v.value_num AS value_num,
        v.value_den AS value_den,
        v.target_num AS target_num,
        v.target_den AS target_den,
        v.maturity AS maturity,
        v.grey AS grey
    FROM progress.tested_value AS v
    WHERE v.kind = 'milestone'
),
greyed AS (
    SELECT
        t.commitment_id AS commitment_id,
        t.area_code AS area_code,
        t.segment AS segment,
        t.period AS period,
        t.value_num * t.target_den >= t.target_num * t.value_den AS is_done,
        CASE
            WHEN t.grey IS NOT NULL THEN t.grey
            WHEN t.maturity <> 'final' AND t.period >= t.due_period AND NOT t.report_only THEN 'preliminary'
        END AS grey
    FROM tested AS t
)
SELECT
    t.commitment_id AS commitment_id,
    t.area_code AS area_code,
    t.segment AS segment,
    t.period AS period,
    CASE
        WHEN g.grey = 'not_due' THEN NULL
        WHEN g.grey IS NOT NULL THEN 'no_judgement'
        WHEN t.report_only THEN 'monitored'
        WHEN g.is_done AND t.maturity = 'final' THEN 'done'
        WHEN NOT g.is_done AND t.period >= t.due_period THEN 'milestone_overdue'
        ELSE 'in_progress'
    END AS class,
    NULLIF(g.grey, 'not_due') AS reason,
    COALESCE(t.maturity <> 'final', FALSE) AS flag_preliminary
FROM tested AS t
INNER JOIN greyed AS g
    ON g.commitment_id = t.commitment_id AND g.area_code = t.area_code AND g.segment = t.segment AND g.period = t.period
