-- 应达路径与差距:一行一水平类承诺、单位、年度,全部用整数分数。
-- A row is one observation of a level_by_year commitment beside its base, its required path and its target.
-- Straight line in percentage points from the base to the due year; flat at the target where the base already
-- meets it (hold rule). All values are exact fractions num / den; den is positive.
-- No path, ratio or distance across a break in basis: a value on another basis than its base, or on a mixture (off_base).
-- P(t) = B + (T - B) x (t - b0) / (due - b0);  rho = (x - B) / (P - B), not printed where |T - B| is small.
WITH observation AS (
    SELECT
        o.commitment_id AS commitment_id,
        o.area_code AS area_code,
        o.segment AS segment,
        o.period AS period,
        o.value_num AS value_num,
        o.value_den AS value_den,
        o.numerator AS numerator,
        o.denominator AS denominator,
        o.basis AS basis,
        o.maturity AS maturity
    FROM progress.observation AS o
    WHERE o.kind = 'level_by_year'
),
commitment AS (
    SELECT
        c.id AS commitment_id,
        CAST(c.direction_sign AS DECIMAL(38, 0)) AS sign,
        CAST(c.target_micro AS DECIMAL(38, 0)) AS target_num,
        CAST(1000000 AS DECIMAL(38, 0)) AS target_den,
        c.base_period AS base_period,
        c.due_period AS due_period
    FROM raw.commitment AS c
    WHERE c.kind = 'level_by_year'
),
threshold AS (
    SELECT
        CAST(MAX(CASE WHEN t.name = 'small_distance_points' THEN t.value_micro END) AS DECIMAL(38, 0)) AS small_distance
    FROM raw.threshold AS t
),
joined AS (
    SELECT
        o.commitment_id AS commitment_id,
        o.area_code AS area_code,
        o.segment AS segment,
        o.period AS period,
        o.value_num AS value_num,
        o.value_den AS value_den,
        o.numerator AS numerator,
        o.denominator AS denominator,
        o.basis AS basis,
        b.value_num AS base_num,
        b.value_den AS base_den,
        b.numerator AS base_numerator,
        b.denominator AS base_denominator,
        b.basis AS base_basis,
        b.maturity AS base_maturity,
        l.value_num AS previous_num,
        l.value_den AS previous_den,
        l.numerator AS previous_numerator,
        l.denominator AS previous_denominator,
        l.basis AS previous_basis,
        c.sign AS sign,
        c.target_num AS target_num,
        c.target_den AS target_den,
        c.base_period AS base_period,
        c.due_period AS due_period,
        CAST(o.period - c.base_period AS DECIMAL(38, 0)) AS elapsed,
        CAST(c.due_period - c.base_period AS DECIMAL(38, 0)) AS span,
        t.small_distance AS small_distance
    FROM observation AS o
    INNER JOIN commitment AS c ON c.commitment_id = o.commitment_id
    CROSS JOIN threshold AS t
    LEFT JOIN observation AS b
        ON b.commitment_id = o.commitment_id
        AND b.area_code = o.area_code
        AND b.segment = o.segment
        AND b.period = c.base_period
    LEFT JOIN observation AS l
        ON l.commitment_id = o.commitment_id
        AND l.area_code = o.area_code
        AND l.segment = o.segment
        AND l.period = o.period - 1
),
based AS (
    SELECT
        j.commitment_id AS commitment_id,
        j.area_code AS area_code,
        j.segment AS segment,
        j.period AS period,
        j.value_num AS value_num,
        j.value_den AS value_den,
        j.numerator AS numerator,
        j.denominator AS denominator,
        j.basis AS basis,
        j.base_num AS base_num,
        j.base_den AS base_den,
        j.base_numerator AS base_numerator,
        j.base_denominator AS base_denominator,
        j.base_basis AS base_basis,
        j.base_maturity AS base_maturity,
        CASE WHEN j.previous_basis = j.basis THEN j.previous_num END AS previous_num,
        CASE WHEN j.previous_basis = j.basis THEN j.previous_den END AS previous_den,
        CASE WHEN j.previous_basis = j.basis THEN j.previous_numerator END AS previous_numerator,
        CASE WHEN j.previous_basis = j.basis THEN j.previous_denominator END AS previous_denominator,
        j.previous_num AS published_previous_num,
        j.previous_den AS published_previous_den,
        (j.previous_basis IS NULL OR j.previous_basis = j.basis) AS same_basis,
        j.elapsed > 0 AND COALESCE(j.basis <> j.base_basis OR j.basis LIKE '%混合口径%', FALSE) AS off_base,
        j.sign AS sign,
        j.target_num AS target_num,
        j.target_den AS target_den,
        j.base_period AS base_period,
        j.due_period AS due_period,
        j.elapsed AS elapsed,
        j.span AS span,
        -- does the base already meet the target? then the path is flat
        j.sign * (j.base_num * j.target_den - j.target_num * j.base_den) >= 0 AS hold_rule,
        -- |T - B| < small distance, in points
        CASE
            WHEN j.target_num * j.base_den >= j.base_num * j.target_den
                THEN (j.target_num * j.base_den - j.base_num * j.target_den) * 1000000
                    < j.small_distance * j.target_den * j.base_den
            ELSE (j.base_num * j.target_den - j.target_num * j.base_den) * 1000000
                < j.small_distance * j.target_den * j.base_den
        END AS small_distance
    FROM joined AS j
),
pathed AS (
    SELECT
        b.commitment_id AS commitment_id,
        b.area_code AS area_code,
        b.segment AS segment,
        b.period AS period,
        CASE
            WHEN b.base_num IS NULL OR b.elapsed < 0 OR b.off_base THEN NULL
            WHEN b.hold_rule OR b.elapsed >= b.span THEN b.target_num
            ELSE b.base_num * b.target_den * b.span + (b.target_num * b.base_den - b.base_num * b.target_den) * b.elapsed
        END AS path_num,
        CASE
            WHEN b.base_num IS NULL OR b.elapsed < 0 OR b.off_base THEN NULL
            WHEN b.hold_rule OR b.elapsed >= b.span THEN b.target_den
            ELSE b.base_den * b.target_den * b.span
        END AS path_den,
        CASE
            WHEN b.hold_rule OR b.small_distance OR b.elapsed <= 0 OR b.off_base THEN NULL
            WHEN b.elapsed >= b.span THEN (b.value_num * b.base_den - b.base_num * b.value_den) * b.target_den
            ELSE (b.value_num * b.base_den - b.base_num * b.value_den) * b.target_den * b.span
        END AS rho_num,
        CASE
            WHEN b.hold_rule OR b.small_distance OR b.elapsed <= 0 OR b.off_base THEN NULL
            WHEN b.elapsed >= b.span THEN b.value_den * (b.target_num * b.base_den - b.base_num * b.target_den)
            ELSE b.value_den * (b.target_num * b.base_den - b.base_num * b.target_den) * b.elapsed
        END AS rho_den
    FROM based AS b
)
SELECT
    b.commitment_id AS commitment_id,
    b.area_code AS area_code,
    b.segment AS segment,
    b.period AS period,
    b.value_num AS value_num,
    b.value_den AS value_den,
    b.numerator AS numerator,
    b.denominator AS denominator,
    b.basis AS basis,
    b.base_period AS base_period,
    b.base_num AS base_num,
    b.base_den AS base_den,
    b.base_numerator AS base_numerator,
    b.base_denominator AS base_denominator,
    b.base_basis AS base_basis,
    b.base_maturity AS base_maturity,
    b.previous_num AS previous_num,
    b.previous_den AS previous_den,
    b.previous_numerator AS previous_numerator,
    b.previous_denominator AS previous_denominator,
    b.published_previous_num AS published_previous_num,
    b.published_previous_den AS published_previous_den,
    b.same_basis AS same_basis,
    b.off_base AS off_base,
    b.sign AS sign,
    b.target_num AS target_num,
    b.target_den AS target_den,
    b.due_period AS due_period,
    b.hold_rule AS hold_rule,
    b.small_distance AS small_distance,
    p.path_num AS path_num,
    p.path_den AS path_den,
    CASE WHEN p.rho_den < 0 THEN 0 - p.rho_num ELSE p.rho_num END AS rho_num,
    CASE WHEN p.rho_den < 0 THEN 0 - p.rho_den ELSE p.rho_den END AS rho_den,
    -- x - P, in points
    b.value_num * p.path_den - p.path_num * b.value_den AS distance_num,
    b.value_den * p.path_den AS distance_den,
    -- T - x, in points
    b.target_num * b.value_den - b.value_num * b.target_den AS gap_num,
    b.target_den * b.value_den AS gap_den
FROM based AS b
INNER JOIN pathed AS p
    ON p.commitment_id = b.commitment_id
    AND p.area_code = b.area_code
    AND p.segment = b.segment
    AND p.period = b.period
