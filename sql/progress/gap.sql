-- 距目标的缺额:一行一承诺、单位、分组(报告年度):现分母下的缺额、到期年度分母下的缺额、金额缺口。
-- A row is what is missing now. gap_persons (surplus_persons) is the number missing (over) at the current denominator,
-- whole, rounded up: persons, schools, villages or whatever the denominator counts. due_gap_persons is the same with
-- the denominator of the due year, target x D_T - N, where that is known (due_denominator); falling births can make it
-- less. raise is the share by which an amount has to rise, goal / x - 1 (negative: more than asked); numerator x raise
-- is the sum that is missing at the same denominator, in yuan where the numerator is money. The two are kept apart so
-- that the whole numbers stay within 38 digits for a nation too. The goal is the target of a ratio, the benchmark times
-- the target, or last year's value of what may not fall.
WITH verdict AS (
    SELECT
        v.commitment_id AS commitment_id,
        v.kind AS kind,
        v.area_code AS area_code,
        v.segment AS segment,
        v.period AS period,
        v.is_total AS is_total,
        v.assessed AS assessed,
        COALESCE(v.pooled, FALSE) AS pooled,
        v.numerator AS numerator,
        v.value_num AS value_num,
        v.value_den AS value_den,
        v.target_num AS target_num,
        v.target_den AS target_den,
        v.due_period AS due_period,
        v.previous_num AS previous_num,
        v.previous_den AS previous_den,
        v.benchmark_num AS benchmark_num,
        v.benchmark_den AS benchmark_den,
        v.gap_persons AS gap_persons,
        v.surplus_persons AS surplus_persons,
        v.persons_base AS persons_base
    FROM progress.verdict AS v
    WHERE v.is_reported AND v.value_num IS NOT NULL
),
commitment AS (
    SELECT
        c.id AS commitment_id,
        c.unit AS unit,
        COALESCE(c.unit = 'count' AND c.value_is = 'amount', FALSE) AS is_number,
        c.compared_with AS compared_with,
        c.target_micro AS target_micro,
        c.denominator_counts AS denominator_counts,
        CAST(c.direction_sign AS BIGINT) AS sign
    FROM raw.commitment AS c
),
-- the year's own numbers, where the verdict was made on three years added up
observation AS (
    SELECT
        o.commitment_id AS commitment_id,
        o.area_code AS area_code,
        o.segment AS segment,
        o.numerator AS numerator,
        o.denominator AS denominator
    FROM progress.observation AS o
    WHERE o.is_reported
),
aimed AS (
    SELECT
        v.commitment_id AS commitment_id,
        v.area_code AS area_code,
        v.segment AS segment,
        CASE
            WHEN v.kind = 'never_decrease' THEN v.previous_num
            WHEN v.kind = 'comparative' AND c.compared_with = 'benchmark' THEN v.target_num * v.benchmark_num
            WHEN v.kind IN ('comparative', 'floor') AND c.unit = 'ratio' THEN v.target_num
        END AS goal_num,
        CASE
            WHEN v.kind = 'never_decrease' THEN v.previous_den
            WHEN v.kind = 'comparative' AND c.compared_with = 'benchmark' THEN v.target_den * v.benchmark_den
            WHEN v.kind IN ('comparative', 'floor') AND c.unit = 'ratio' THEN v.target_den
        END AS goal_den
    FROM verdict AS v
    INNER JOIN commitment AS c ON c.commitment_id = v.commitment_id
    WHERE v.numerator IS NOT NULL AND v.value_num > 0
),
due AS (
    SELECT
        v.commitment_id AS commitment_id,
        v.area_code AS area_code,
        v.segment AS segment,
        d.denominator AS denominator,
        d.known_from AS known_from,
        c.sign * (c.target_micro * d.denominator - 100000000 * v.numerator) AS missing
    FROM verdict AS v
    INNER JOIN commitment AS c ON c.commitment_id = v.commitment_id
    INNER JOIN progress.due_denominator AS d ON d.commitment_id = v.commitment_id AND d.area_code = v.area_code
    WHERE v.kind = 'level_by_year' AND v.segment = 'all'
)
SELECT
    v.commitment_id AS commitment_id,
    v.area_code AS area_code,
    v.segment AS segment,
    v.period AS period,
    v.is_total AS is_total,
    v.assessed AS assessed,
    c.denominator_counts AS denominator_counts,
    CASE WHEN v.pooled THEN o.numerator ELSE v.numerator END AS numerator,
    CASE WHEN v.pooled THEN o.denominator ELSE v.persons_base END AS denominator,
    -- a number asked of the whole area is not asked of each unit
    CASE WHEN v.is_total OR NOT c.is_number THEN v.gap_persons END AS gap_persons,
    CASE WHEN v.is_total OR NOT c.is_number THEN v.surplus_persons END AS surplus_persons,
    v.due_period AS due_period,
    d.denominator AS due_denominator,
    d.known_from AS due_known_from,
    CASE WHEN d.missing > 0 THEN (d.missing + 99999999) // 100000000 WHEN d.missing <= 0 THEN 0 END AS due_gap_persons,
    CASE WHEN d.missing < 0 THEN (0 - d.missing) // 100000000 WHEN d.missing >= 0 THEN 0 END AS due_surplus_persons,
    a.goal_num * v.value_den - v.value_num * a.goal_den AS raise_num,
    a.goal_den * v.value_num AS raise_den
FROM verdict AS v
INNER JOIN commitment AS c ON c.commitment_id = v.commitment_id
LEFT JOIN observation AS o
    ON o.commitment_id = v.commitment_id AND o.area_code = v.area_code AND o.segment = v.segment
LEFT JOIN due AS d ON d.commitment_id = v.commitment_id AND d.area_code = v.area_code AND d.segment = v.segment
LEFT JOIN aimed AS a ON a.commitment_id = v.commitment_id AND a.area_code = v.area_code AND a.segment = v.segment
