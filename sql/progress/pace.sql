-- 所需年均进度与实际年均进度:一行一承诺、单位、分组(报告年度,到期前)。
-- A row is the pace that a commitment with a due year still needs, (target - value) / years left, beside the pace of
-- the last three years on one basis (at least two changes), both in the unit of the value a year.
-- pace: reached (the target is met now), enough, too_slow, or unknown (fewer than two changes on one basis).
WITH verdict AS (
    SELECT
        v.commitment_id AS commitment_id,
        v.area_code AS area_code,
        v.segment AS segment,
        v.period AS period,
        v.is_reported AS is_reported,
        v.is_total AS is_total,
        v.assessed AS assessed,
        v.value_num AS value_num,
        v.value_den AS value_den,
        v.basis AS basis,
        v.gap_num AS gap_num,
        v.gap_den AS gap_den,
        v.due_period AS due_period
    FROM progress.verdict AS v
    WHERE v.value_num IS NOT NULL
),
commitment AS (
    SELECT
        c.id AS commitment_id,
        COALESCE(c.unit = 'count' AND c.value_is = 'amount', FALSE) AS is_number,
        COALESCE(c.compared_with = 'benchmark', FALSE) AS by_benchmark,
        CAST(c.direction_sign AS DECIMAL(38, 0)) AS sign
    FROM raw.commitment AS c
),
ahead AS (
    SELECT
        v.commitment_id AS commitment_id,
        v.area_code AS area_code,
        v.segment AS segment,
        v.period AS period,
        v.due_period AS due_period,
        v.due_period - v.period AS years_left,
        v.is_total AS is_total,
        v.assessed AS assessed,
        v.value_num AS value_num,
        v.value_den AS value_den,
        v.gap_num AS gap_num,
        v.gap_den AS gap_den,
        CASE WHEN y.value_num IS NOT NULL THEN 3 WHEN x.value_num IS NOT NULL THEN 2 END AS observed_years,
        COALESCE(y.value_num, x.value_num) AS from_num,
        COALESCE(y.value_den, x.value_den) AS from_den
    FROM verdict AS v
    LEFT JOIN verdict AS w
        ON w.commitment_id = v.commitment_id AND w.area_code = v.area_code AND w.segment = v.segment
        AND w.period = v.period - 1 AND w.basis = v.basis
    LEFT JOIN verdict AS x
        ON x.commitment_id = w.commitment_id AND x.area_code = w.area_code AND x.segment = w.segment
        AND x.period = w.period - 1 AND x.basis = w.basis
    LEFT JOIN verdict AS y
        ON y.commitment_id = x.commitment_id AND y.area_code = x.area_code AND y.segment = x.segment
        AND y.period = x.period - 1 AND y.basis = x.basis
    WHERE v.is_reported AND v.period < v.due_period AND v.gap_num IS NOT NULL
),
paced AS (
    SELECT
        a.commitment_id AS commitment_id,
        a.area_code AS area_code,
        a.segment AS segment,
        a.period AS period,
        a.due_period AS due_period,
        a.years_left AS years_left,
        a.is_total AS is_total,
        a.assessed AS assessed,
        a.gap_num AS needed_pace_num,
        a.gap_den * CAST(a.years_left AS DECIMAL(38, 0)) AS needed_pace_den,
        a.value_num * a.from_den - a.from_num * a.value_den AS observed_pace_num,
        a.value_den * a.from_den * CAST(a.observed_years AS DECIMAL(38, 0)) AS observed_pace_den,
        a.observed_years AS observed_years
    FROM ahead AS a
)
SELECT
    p.commitment_id AS commitment_id,
    p.area_code AS area_code,
    p.segment AS segment,
    p.period AS period,
    p.due_period AS due_period,
    CAST(p.years_left AS BIGINT) AS years_left,
    p.assessed AS assessed,
    p.needed_pace_num AS needed_pace_num,
    p.needed_pace_den AS needed_pace_den,
    CAST(p.observed_years AS BIGINT) AS observed_years,
    p.observed_pace_num AS observed_pace_num,
    p.observed_pace_den AS observed_pace_den,
    CASE
        WHEN c.sign * p.needed_pace_num <= 0 THEN 'reached'
        WHEN p.observed_years IS NULL THEN 'unknown'
        WHEN c.sign * (p.observed_pace_num * p.needed_pace_den - p.needed_pace_num * p.observed_pace_den) >= 0
            THEN 'enough'
        ELSE 'too_slow'
    END AS pace
FROM paced AS p
INNER JOIN commitment AS c ON c.commitment_id = p.commitment_id
-- a number asked of the whole area is not asked of each unit, and a benchmark of the due year is not known
WHERE (p.is_total OR NOT c.is_number) AND NOT c.by_benchmark
