-- 距目标的缺额:一行一承诺、单位、分组(报告年度):现分母下的缺额、到期年度分母下的缺额、金额缺口。
-- A row is what is missing now. gap_persons (surplus_persons) is the number missing (over) at the current denominator,
-- whole, rounded up: persons, schools, villages or whatever the denominator counts. due_gap_persons is the same with
-- the denominator of the due year, target x D_T - N, where that is known (due_denominator); falling births can make it
-- less. amount_gap is money: by how much the numerator falls short of what the promise asks for at the same
-- denominator, N x (goal / x - 1) in yuan, exact and not rounded (negative: more than asked); the goal is the target,
-- the benchmark times it, or last year's value of what may not fall.
WITH verdict AS (
    SELECT
        v.commitment_id AS commitment_id,
        v.kind AS kind,
        v.area_code AS area_code,
        v.segment AS segment,
        v.period AS period,
        v.is_total AS is_total,
        v.assessed AS assessed,
        v.numerator AS numerator,
        v.denominator AS denominator,
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
        c.compared_with AS compared_with,
        c.target_micro AS target_micro,
        c.denominator_counts AS denominator_counts,
        CAST(c.direction_sign AS BIGINT) AS sign
    FROM raw.commitment AS c
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
    v.numerator AS numerator,
    v.persons_base AS denominator,
    v.gap_persons AS gap_persons,
    v.surplus_persons AS surplus_persons,
    v.due_period AS due_period,
    d.denominator AS due_denominator,
    d.known_from AS due_known_from,
    CASE WHEN d.missing > 0 THEN (d.missing + 99999999) // 100000000 WHEN d.missing <= 0 THEN 0 END AS due_gap_persons,
    CASE WHEN d.missing < 0 THEN (0 - d.missing) // 100000000 WHEN d.missing >= 0 THEN 0 END AS due_surplus_persons,
    CAST(v.numerator AS DECIMAL(38, 0)) * (a.goal_num * v.value_den - v.value_num * a.goal_den) AS amount_gap_num,
    a.goal_den * v.value_num AS amount_gap_den
FROM verdict AS v
INNER JOIN commitment AS c ON c.commitment_id = v.commitment_id
LEFT JOIN due AS d ON d.commitment_id = v.commitment_id AND d.area_code = v.area_code AND d.segment = v.segment
LEFT JOIN aimed AS a ON a.commitment_id = v.commitment_id AND a.area_code = v.area_code AND a.segment = v.segment
