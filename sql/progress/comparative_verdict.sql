-- 比较类判定:一行一承诺、单位、分组、年度。
-- A row is the class of one comparative commitment in one unit: the value is not below target times the benchmark of
-- the same year and segment, or the value is itself such a ratio. Equality passes. Before the due year what is not
-- met is in progress. A preliminary value or benchmark gives no verdict. Where all that said anything meet it together and
-- somebody left it blank (silent), nobody can say so of all (some_blank); before it is due it is in progress.
WITH tested AS (
    SELECT
        v.commitment_id AS commitment_id,
        v.area_code AS area_code,
        v.segment AS segment,
        v.period AS period,
        v.sign AS sign,
        v.report_only AS report_only,
        v.compared_with AS compared_with,
        v.due_period AS due_period,
        v.value_num AS value_num,
        v.value_den AS value_den,
        v.target_num AS target_num,
        v.target_den AS target_den,
        v.benchmark_num AS benchmark_num,
        v.benchmark_den AS benchmark_den,
        v.maturity AS maturity,
        CASE WHEN v.compared_with = 'benchmark' THEN v.benchmark_maturity END AS benchmark_maturity,
        v.silent AS silent,
        v.grey AS grey
    FROM progress.tested_value AS v
    WHERE v.kind = 'comparative'
),
compared AS (
    SELECT
        t.commitment_id AS commitment_id,
        t.area_code AS area_code,
        t.segment AS segment,
        t.period AS period,
        CASE
            WHEN t.compared_with = 'own_ratio'
                THEN t.sign * (t.value_num * t.target_den - t.target_num * t.value_den) >= 0
            ELSE t.sign * (
                t.value_num * t.benchmark_den * t.target_den - t.target_num * t.benchmark_num * t.value_den
            ) >= 0
        END AS is_met,
        CASE
            WHEN t.grey IS NOT NULL THEN t.grey
            WHEN t.compared_with = 'benchmark' AND t.benchmark_num IS NULL THEN 'no_benchmark'
            WHEN (t.maturity <> 'final' OR t.benchmark_maturity <> 'final') AND NOT t.report_only THEN 'preliminary'
        END AS grey
    FROM tested AS t
)
SELECT
    t.commitment_id AS commitment_id,
    t.area_code AS area_code,
    t.segment AS segment,
    t.period AS period,
    CASE
        WHEN c.grey = 'not_due' THEN NULL
        WHEN c.grey IS NOT NULL THEN 'no_judgement'
        WHEN t.report_only THEN 'monitored'
        WHEN c.is_met AND t.silent = 0 THEN 'met'
        WHEN c.is_met AND COALESCE(t.period >= t.due_period, TRUE) THEN 'no_judgement'
        WHEN t.period < t.due_period THEN 'in_progress'
        ELSE 'not_met'
    END AS class,
    CASE
        WHEN c.grey IS NOT NULL THEN NULLIF(c.grey, 'not_due')
        WHEN NOT t.report_only AND c.is_met AND t.silent > 0 AND COALESCE(t.period >= t.due_period, TRUE) THEN 'some_blank'
    END AS reason,
    COALESCE(t.maturity <> 'final', FALSE) OR COALESCE(t.benchmark_maturity <> 'final', FALSE) AS flag_preliminary
FROM tested AS t
INNER JOIN compared AS c
    ON c.commitment_id = t.commitment_id AND c.area_code = t.area_code AND c.segment = t.segment AND c.period = t.period
