-- 定期活动类判定:一行一承诺、单位、年度;年度所在的周期自方案写明的首个年度起固定划分。
-- A row is the class of one recurring_event commitment at one year of a fixed window: held as required (on time), the
-- window still open, or closed without it. What happened is added up over the window; with a share of those that
-- comply the window is one year and all of them must comply. A closed window with a year missing, or whose years
-- are written over denominators that are no parts of the largest (not_addable), is not judged. What is preliminary does not count as held: on time is what final data prove by themselves.
WITH tested AS (
    SELECT
        v.commitment_id AS commitment_id,
        v.area_code AS area_code,
        v.segment AS segment,
        v.period AS period,
        v.sign AS sign,
        v.strict AS strict,
        v.report_only AS report_only,
        v.value_is AS value_is,
        v.window_years AS window_years,
        v.first_window AS first_window,
        v.value_num AS value_num,
        v.value_den AS value_den,
        v.target_num AS target_num,
        v.target_den AS target_den,
        v.maturity AS maturity,
        v.grey AS grey
    FROM progress.tested_value AS v
    WHERE v.kind = 'recurring_event'
),
windowed AS (
    SELECT
        t.commitment_id AS commitment_id,
        t.area_code AS area_code,
        t.segment AS segment,
        t.period AS period,
        t.value_num AS value_num,
        t.value_den AS value_den,
        t.maturity AS maturity,
        t.first_window + (t.period - t.first_window) // t.window_years * t.window_years AS window_from,
        t.first_window + (t.period - t.first_window) // t.window_years * t.window_years + t.window_years - 1 AS window_to
    FROM tested AS t
    WHERE t.period >= t.first_window
),
-- years may be written over other denominators (yuan, fen): they are added over the largest, of which the others are parts
scaled AS (
    SELECT
        w.commitment_id AS commitment_id,
        w.area_code AS area_code,
        w.segment AS segment,
        w.period AS period,
        w.window_from AS window_from,
        MAX(f.value_den) AS done_den
    FROM windowed AS w
    INNER JOIN windowed AS f
        ON f.commitment_id = w.commitment_id AND f.area_code = w.area_code AND f.segment = w.segment
        AND f.window_from = w.window_from AND f.period <= w.period
    GROUP BY w.commitment_id, w.area_code, w.segment, w.period, w.window_from
),
summed AS (
    SELECT
        w.commitment_id AS commitment_id,
        w.area_code AS area_code,
        w.segment AS segment,
        w.period AS period,
        w.window_from AS window_from,
        w.window_to AS window_to,
        SUM(f.value_num * (CAST(s.done_den AS BIGINT) // CAST(f.value_den AS BIGINT))) AS done_num,
        SUM(CASE
            WHEN f.maturity = 'final' THEN f.value_num * (CAST(s.done_den AS BIGINT) // CAST(f.value_den AS BIGINT))
            WHEN f.value_num IS NOT NULL THEN 0
        END) AS final_num,
        s.done_den AS done_den,
        MAX(CAST(s.done_den AS BIGINT) % CAST(f.value_den AS BIGINT)) AS remainder,
        SUM(CASE WHEN f.value_num IS NOT NULL THEN 1 ELSE 0 END) AS years_known,
        SUM(CASE WHEN f.maturity <> 'final' THEN 1 ELSE 0 END) AS years_preliminary
    FROM windowed AS w
    INNER JOIN windowed AS f
        ON f.commitment_id = w.commitment_id AND f.area_code = w.area_code AND f.segment = w.segment
        AND f.window_from = w.window_from AND f.period <= w.period
    INNER JOIN scaled AS s
        ON s.commitment_id = w.commitment_id AND s.area_code = w.area_code AND s.segment = w.segment AND s.period = w.period
    GROUP BY w.commitment_id, w.area_code, w.segment, w.period, w.window_from, w.window_to, s.done_den
),
-- where one is no part of it the years cannot be added: there is no sum, and the window is not judged
added AS (
    SELECT
        s.commitment_id AS commitment_id,
        s.area_code AS area_code,
        s.segment AS segment,
        s.period AS period,
        s.window_from AS window_from,
        s.window_to AS window_to,
        CASE WHEN s.remainder = 0 THEN s.done_num END AS done_num,
        CASE WHEN s.remainder = 0 THEN s.final_num END AS final_num,
        CASE WHEN s.remainder = 0 THEN s.done_den END AS done_den,
        s.years_known AS years_known,
        s.years_preliminary AS years_preliminary
    FROM summed AS s
),
judged AS (
    SELECT
        t.commitment_id AS commitment_id,
        t.area_code AS area_code,
        t.segment AS segment,
        t.period AS period,
        s.window_from AS window_from,
        s.window_to AS window_to,
        s.done_num AS done_num,
        s.done_den AS done_den,
        -- with at most so many asked for, a preliminary year may still bring more
        CASE
            WHEN t.sign < 0 AND s.years_preliminary > 0 THEN FALSE
            WHEN t.strict THEN t.sign * (s.final_num * t.target_den - t.target_num * s.done_den) > 0
            ELSE t.sign * (s.final_num * t.target_den - t.target_num * s.done_den) >= 0
        END AS is_reached,
        CASE
            WHEN t.period < t.first_window THEN 'not_due'
            WHEN t.grey IN ('not_due', 'not_assessed', 'small_denominator', 'no_such_stage', 'none_due') THEN t.grey
            WHEN s.years_known = 0 AND t.period >= s.window_to THEN 'no_value'
            WHEN s.years_known > 0 AND s.done_den IS NULL AND t.period >= s.window_to AND NOT t.report_only THEN 'not_addable'
        END AS grey,
        s.years_known AS years_known,
        s.years_preliminary AS years_preliminary
    FROM tested AS t
    LEFT JOIN added AS s
        ON s.commitment_id = t.commitment_id AND s.area_code = t.area_code AND s.segment = t.segment
        AND s.period = t.period
),
classed AS (
    SELECT
        j.commitment_id AS commitment_id,
        j.area_code AS area_code,
        j.segment AS segment,
        j.period AS period,
        j.window_from AS window_from,
        j.window_to AS window_to,
        j.done_num AS done_num,
        j.done_den AS done_den,
        CASE
            WHEN j.grey = 'not_due' THEN NULL
            WHEN j.grey IS NOT NULL THEN 'no_judgement'
            WHEN t.report_only THEN 'monitored'
            WHEN j.is_reached THEN 'on_time'
            WHEN j.period < j.window_to THEN 'window_open'
            WHEN j.years_preliminary > 0 OR j.years_known < t.window_years THEN 'no_judgement'
            ELSE 'window_missed'
        END AS class,
        CASE
            WHEN j.grey IS NOT NULL THEN NULLIF(j.grey, 'not_due')
            WHEN j.years_preliminary > 0 THEN 'preliminary'
            ELSE 'no_value'
        END AS why,
        COALESCE(j.years_preliminary > 0, t.maturity <> 'final', FALSE) AS flag_preliminary
    FROM judged AS j
    INNER JOIN tested AS t
        ON t.commitment_id = j.commitment_id AND t.area_code = j.area_code AND t.segment = j.segment
        AND t.period = j.period
)
SELECT
    c.commitment_id AS commitment_id,
    c.area_code AS area_code,
    c.segment AS segment,
    c.period AS period,
    c.window_from AS window_from,
    c.window_to AS window_to,
    c.done_num AS done_num,
    c.done_den AS done_den,
    c.class AS class,
    CASE WHEN c.class = 'no_judgement' THEN c.why END AS reason,
    c.flag_preliminary AS flag_preliminary,
    SUM(CASE WHEN c.class = 'window_missed' THEN 1 ELSE 0 END) OVER (
        PARTITION BY c.commitment_id, c.area_code, c.segment ORDER BY c.period
        ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW
    ) AS windows_missed
FROM classed AS c
