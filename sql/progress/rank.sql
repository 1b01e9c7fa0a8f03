-- 位次:一行一承诺、单位、分组(报告年度),只列方案文件许可排位的承诺;并列同位。
-- A row is one unit of a commitment that the plan lets be ranked (ranked_by), with its rank or why it has none.
-- By value: the value; a unit with fewer persons than small_denominator enters with the rate of three years added up
-- (sum of numerators over sum of denominators, one basis), and below smallest_denominator not at all.
-- What is compared with a benchmark enters with its ratio to it. By change: the change of the amount against the year
-- before on one basis, in percent. Amounts are compared on whole millionths of the unit (cut off at the sixth decimal),
-- and are not added up over years. Where the denominator counts
-- neither persons nor a sample no unit is small.
-- Ranks are counted: one more than the units that are strictly better, so ties share a rank.
WITH threshold AS (
    SELECT
        MAX(CASE WHEN t.name = 'small_denominator' THEN t.value_micro END) // 1000000 AS small_denominator,
        MAX(CASE WHEN t.name = 'smallest_denominator' THEN t.value_micro END) // 1000000 AS smallest_denominator
    FROM raw.threshold AS t
),
commitment AS (
    SELECT
        c.id AS commitment_id,
        c.ranked_by AS ranked_by,
        COALESCE(c.compared_with = 'benchmark', FALSE) AS by_ratio,
        COALESCE(c.denominator_counts IN ('persons', 'sample'), FALSE) AS moves_by_chance,
        CAST(c.direction_sign AS DECIMAL(38, 0)) AS sign
    FROM raw.commitment AS c
    WHERE c.ranked_by IN ('value', 'change')
),
area AS (
    SELECT
        a.area_code AS area_code,
        a.assessed AS assessed,
        a.unit_role AS unit_role
    FROM core.area AS a
),
observation AS (
    SELECT
        o.commitment_id AS commitment_id,
        o.area_code AS area_code,
        o.segment AS segment,
        o.period AS period,
        o.is_reported AS is_reported,
        o.numerator AS numerator,
        o.denominator AS denominator,
        o.value_num AS value_num,
        o.value_den AS value_den,
        o.basis AS basis
    FROM progress.observation AS o
    INNER JOIN commitment AS c ON c.commitment_id = o.commitment_id
    WHERE NOT o.is_total
),
three_years AS (
    SELECT
        o.commitment_id AS commitment_id,
        o.area_code AS area_code,
        o.segment AS segment,
        COUNT(f.period) AS years,
        SUM(f.numerator) AS numerator,
        SUM(f.denominator) AS denominator
    FROM observation AS o
    INNER JOIN observation AS f
        ON f.commitment_id = o.commitment_id AND f.area_code = o.area_code AND f.segment = o.segment
        AND f.basis = o.basis AND f.period BETWEEN o.period - 2 AND o.period
    WHERE o.is_reported AND f.denominator > 0
    GROUP BY o.commitment_id, o.area_code, o.segment
),
amount AS (
    SELECT
        o.commitment_id AS commitment_id,
        o.area_code AS area_code,
        o.segment AS segment,
        o.period AS period,
        o.basis AS basis,
        CAST(o.value_num AS BIGINT) // CAST(o.value_den AS BIGINT) * 1000000
            + CAST(o.value_num AS BIGINT) % CAST(o.value_den AS BIGINT) * 1000000 // CAST(o.value_den AS BIGINT)
            AS value_micro
    FROM observation AS o
    INNER JOIN commitment AS c ON c.commitment_id = o.commitment_id
    WHERE (c.ranked_by = 'change' OR c.by_ratio) AND o.value_num IS NOT NULL
),
benchmark AS (
    SELECT
        v.commitment_id AS commitment_id,
        v.area_code AS area_code,
        v.segment AS segment,
        CAST(v.benchmark_num AS BIGINT) // CAST(v.benchmark_den AS BIGINT) * 1000000
            + CAST(v.benchmark_num AS BIGINT) % CAST(v.benchmark_den AS BIGINT) * 1000000 // CAST(v.benchmark_den AS BIGINT)
            AS value_micro
    FROM progress.verdict AS v
    WHERE v.is_reported AND v.benchmark_num > 0
),
candidate AS (
    SELECT
        o.commitment_id AS commitment_id,
        o.area_code AS area_code,
        o.segment AS segment,
        o.period AS period,
        c.ranked_by AS ranked_by,
        c.sign AS sign,
        o.denominator AS denominator,
        c.by_ratio AS by_ratio,
        COALESCE(
            c.moves_by_chance AND c.ranked_by = 'value' AND NOT c.by_ratio AND o.denominator < t.small_denominator, FALSE
        ) AS pooled,
        y.numerator AS pooled_numerator,
        y.denominator AS pooled_denominator,
        o.value_num AS value_num,
        o.value_den AS value_den,
        a.value_micro AS amount_micro,
        b.value_micro AS previous_micro,
        m.value_micro AS benchmark_micro,
        CASE
            WHEN o.value_num IS NULL THEN 'no_value'
            WHEN c.moves_by_chance AND o.denominator < t.smallest_denominator THEN 'smallest_denominator'
            WHEN c.moves_by_chance AND o.denominator < t.small_denominator AND (c.ranked_by = 'change' OR c.by_ratio)
                THEN 'small_denominator'
            WHEN c.moves_by_chance AND o.denominator < t.small_denominator AND y.years < 3 THEN 'no_three_years'
            WHEN c.by_ratio AND m.value_micro IS NULL THEN 'no_benchmark'
            WHEN c.ranked_by = 'change' AND (b.value_micro IS NULL OR b.value_micro = 0) THEN 'no_previous'
        END AS unranked
    FROM observation AS o
    INNER JOIN commitment AS c ON c.commitment_id = o.commitment_id
    INNER JOIN area AS r ON r.area_code = o.area_code AND r.assessed AND r.unit_role <> 'own_level'
    CROSS JOIN threshold AS t
    LEFT JOIN three_years AS y
        ON y.commitment_id = o.commitment_id AND y.area_code = o.area_code AND y.segment = o.segment
    LEFT JOIN amount AS a
        ON a.commitment_id = o.commitment_id AND a.area_code = o.area_code AND a.segment = o.segment
        AND a.period = o.period
    LEFT JOIN amount AS b
        ON b.commitment_id = o.commitment_id AND b.area_code = o.area_code AND b.segment = o.segment
        AND b.period = o.period - 1 AND b.basis = o.basis
    LEFT JOIN benchmark AS m
        ON m.commitment_id = o.commitment_id AND m.area_code = o.area_code AND m.segment = o.segment
    WHERE o.is_reported
),
entered AS (
    SELECT
        k.commitment_id AS commitment_id,
        k.area_code AS area_code,
        k.segment AS segment,
        k.sign AS sign,
        CASE
            WHEN k.ranked_by = 'change' THEN 100 * CAST(k.amount_micro - k.previous_micro AS DECIMAL(38, 0))
            WHEN k.by_ratio THEN CAST(k.amount_micro AS DECIMAL(38, 0))
            WHEN k.pooled THEN 100 * CAST(k.pooled_numerator AS DECIMAL(38, 0))
            ELSE k.value_num
        END AS ranked_num,
        CASE
            WHEN k.ranked_by = 'change' THEN CAST(k.previous_micro AS DECIMAL(38, 0))
            WHEN k.by_ratio THEN CAST(k.benchmark_micro AS DECIMAL(38, 0))
            WHEN k.pooled THEN CAST(k.pooled_denominator AS DECIMAL(38, 0))
            ELSE k.value_den
        END AS ranked_den
    FROM candidate AS k
    WHERE k.unranked IS NULL
),
counted AS (
    SELECT
        e.commitment_id AS commitment_id,
        e.area_code AS area_code,
        e.segment AS segment,
        1 + SUM(CASE
            WHEN e.sign * (o.ranked_num * e.ranked_den - e.ranked_num * o.ranked_den) > 0 THEN 1 ELSE 0
        END) AS rank,
        COUNT(o.area_code) AS units_ranked
    FROM entered AS e
    INNER JOIN entered AS o ON o.commitment_id = e.commitment_id AND o.segment = e.segment
    GROUP BY e.commitment_id, e.area_code, e.segment
)
SELECT
    k.commitment_id AS commitment_id,
    k.area_code AS area_code,
    k.segment AS segment,
    k.period AS period,
    k.ranked_by AS ranked_by,
    e.ranked_num AS ranked_num,
    e.ranked_den AS ranked_den,
    k.denominator AS denominator,
    k.pooled AND k.unranked IS NULL AS pooled,
    CAST(n.rank AS BIGINT) AS rank,
    CAST(n.units_ranked AS BIGINT) AS units_ranked,
    k.unranked AS unranked_reason
FROM candidate AS k
LEFT JOIN entered AS e
    ON e.commitment_id = k.commitment_id AND e.area_code = k.area_code AND e.segment = k.segment
LEFT JOIN counted AS n
    ON n.commitment_id = k.commitment_id AND n.area_code = k.area_code AND n.segment = k.segment
