-- 全覆盖类判定:一行一承诺、单位、年度。
-- A row is the class of one full_coverage commitment: 100 % is 100 %, one missing is not all, nothing is rounded up.
-- Due: from the due year on, or in every period where the promise recurs. Before, and where no date is written,
-- what is not covered is in progress. Preliminary data give no verdict once it is due. Where all that said anything are
-- covered and somebody left it blank (silent), not all can be said to be (some_blank); before it is due it is in progress.
WITH tested AS (
    SELECT
        v.commitment_id AS commitment_id,
        v.area_code AS area_code,
        v.segment AS segment,
        v.period AS period,
        v.report_only AS report_only,
        v.due_basis AS due_basis,
        v.due_period AS due_period,
        v.value_num AS value_num,
        v.value_den AS value_den,
        v.target_num AS target_num,
        v.mostly_covered AS mostly_covered,
        v.maturity AS maturity,
        v.silent AS silent,
        v.grey AS grey
    FROM progress.tested_value AS v
    WHERE v.kind = 'full_coverage'
),
due AS (
    SELECT
        t.commitment_id AS commitment_id,
        t.area_code AS area_code,
        t.segment AS segment,
        t.period AS period,
        t.value_num >= t.target_num * t.value_den AS is_full,
        t.value_num * 1000000 >= t.mostly_covered * t.value_den AS is_mostly,
        COALESCE(t.period >= t.due_period, t.due_basis = 'recurring') AS is_due
    FROM tested AS t
)
SELECT
    t.commitment_id AS commitment_id,
    t.area_code AS area_code,
    t.segment AS segment,
    t.period AS period,
    CASE
        WHEN t.grey = 'not_due' THEN NULL
        WHEN t.grey IS NOT NULL THEN 'no_judgement'
        WHEN t.report_only THEN 'monitored'
        WHEN t.maturity <> 'final' AND d.is_due THEN 'no_judgement'
        WHEN t.maturity <> 'final' AND d.is_full THEN 'in_progress'
        WHEN d.is_full AND t.silent = 0 THEN 'covered'
        WHEN d.is_full AND d.is_due THEN 'no_judgement'
        WHEN NOT d.is_due THEN 'in_progress'
        WHEN d.is_mostly THEN 'mostly_covered'
        ELSE 'not_covered'
    END AS class,
    CASE
        WHEN t.grey IS NOT NULL THEN NULLIF(t.grey, 'not_due')
        WHEN NOT t.report_only AND t.maturity <> 'final' AND d.is_due THEN 'preliminary'
        WHEN NOT t.report_only AND d.is_full AND t.silent > 0 AND d.is_due THEN 'some_blank'
    END AS reason,
    COALESCE(t.maturity <> 'final', FALSE) AS flag_preliminary
FROM tested AS t
INNER JOIN due AS d
    ON d.commitment_id = t.commitment_id AND d.area_code = t.area_code AND d.segment = t.segment AND d.period = t.period
