-- 下限、上限类判定:一行一承诺、单位、年度。
-- A row is the class of one floor or ceiling in one unit and period. Every unit is tested in every period; equality
-- passes. A share of those that comply: all, some or none of them meet the standard. An amount: the unit meets it or
-- not, and the summary counts the units. Preliminary data give no verdict. Where all that said anything comply and somebody
-- left it blank (silent), not all can be said to (some_blank).
WITH tested AS (
    SELECT
        v.commitment_id AS commitment_id,
        v.area_code AS area_code,
        v.segment AS segment,
        v.period AS period,
        v.sign AS sign,
        v.report_only AS report_only,
        v.value_is AS value_is,
        v.value_num AS value_num,
        v.value_den AS value_den,
        v.target_num AS target_num,
        v.target_den AS target_den,
        v.maturity AS maturity,
        v.silent AS silent,
        v.grey AS grey
    FROM progress.tested_value AS v
    WHERE v.kind IN ('floor', 'ceiling')
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
        WHEN t.maturity <> 'final' THEN 'no_judgement'
        WHEN t.value_is = 'share_complying' AND t.value_num >= t.target_num * t.value_den AND t.silent > 0 THEN 'no_judgement'
        WHEN t.value_is = 'share_complying' AND t.value_num >= t.target_num * t.value_den THEN 'all_met'
        WHEN t.value_is = 'share_complying' AND t.value_num > 0 THEN 'partly_met'
        WHEN t.value_is = 'share_complying' THEN 'none_met'
        WHEN t.sign * (t.value_num * t.target_den - t.target_num * t.value_den) >= 0 THEN 'met'
        ELSE 'not_met'
    END AS class,
    CASE
        WHEN t.grey IS NOT NULL THEN NULLIF(t.grey, 'not_due')
        WHEN NOT t.report_only AND t.maturity <> 'final' THEN 'preliminary'
        WHEN NOT t.report_only AND t.value_is = 'share_complying' AND t.value_num >= t.target_num * t.value_den AND t.silent > 0
            THEN 'some_blank'
    END AS reason,
    COALESCE(t.maturity <> 'final', FALSE) AS flag_preliminary
FROM tested AS t
