-- 到期测算:一行一水平类承诺、单位、年度,近三年平均变化的直线外推。
-- A row is the straight projection of one series to its due year: the mean yearly change of the last three years
-- (at least two changes on one basis), and the pace needed against the pace observed, in points a year.
WITH verdict AS (
    SELECT
        v.commitment_id AS commitment_id,
        v.area_code AS area_code,
        v.segment AS segment,
        v.period AS period,
        v.value_num AS value_num,
        v.value_den AS value_den,
        v.basis AS basis,
        v.target_num AS target_num,
        v.target_den AS target_den,
        v.due_period AS due_period
    FROM progress.level_verdict AS v
    WHERE v.value_num IS NOT NULL
),
commitment AS (
    SELECT
        c.id AS commitment_id,
        CAST(c.direction_sign AS DECIMAL(38, 0)) AS sign
    FROM raw.commitment AS c
),
earlier AS (
    SELECT
        v.commitment_id AS commitment_id,
        v.area_code AS area_code,
        v.segment AS segment,
        v.period AS period,
        v.value_num AS value_num,
        v.value_den AS value_den,
        v.target_num AS target_num,
        v.target_den AS target_den,
        v.due_period AS due_period,
        CASE WHEN w.basis = v.basis AND x.basis = v.basis AND y.basis = v.basis THEN y.value_num ELSE x.value_num END
            AS from_num,
        CASE WHEN w.basis = v.basis AND x.basis = v.basis AND y.basis = v.basis THEN y.value_den ELSE x.value_den END
            AS from_den,
        CASE WHEN w.basis = v.basis AND x.basis = v.basis AND y.basis = v.basis THEN 3 ELSE 2 END AS years
    FROM verdict AS v
    INNER JOIN verdict AS w
        ON w.commitment_id = v.commitment_id AND w.area_code = v.area_code AND w.segment = v.segment
        AND w.period = v.period - 1 AND w.basis = v.basis
    INNER JOIN verdict AS x
        ON x.commitment_id = v.commitment_id AND x.area_code = v.area_code AND x.segment = v.segment
        AND x.period = v.period - 2 AND x.basis = v.basis
    LEFT JOIN verdict AS y
        ON y.commitment_id = v.commitment_id AND y.area_code = v.area_code AND y.segment = v.segment
        AND y.period = v.period - 3
    WHERE v.period < v.due_period
),
paced AS (
    SELECT
        e.commitment_id AS commitment_id,
        e.area_code AS area_code,
        e.segment AS segment,
        e.period AS period,
        e.value_num AS value_num,
        e.value_den AS value_den,
        e.target_num AS target_num,
        e.target_den AS target_den,
        CAST(e.due_period - e.period AS DECIMAL(38, 0)) AS ahead,
        e.value_num * e.from_den - e.from_num * e.value_den AS observed_pace_num,
        e.from_den * CAST(e.years AS DECIMAL(38, 0)) AS pace_factor,
        e.value_den * e.from_den * CAST(e.years AS DECIMAL(38, 0)) AS observed_pace_den
    FROM earlier AS e
),
projected AS (
    SELECT
        p.commitment_id AS commitment_id,
        p.area_code AS area_code,
        p.segment AS segment,
        p.period AS period,
        p.target_num AS target_num,
        p.target_den AS target_den,
        p.observed_pace_num AS observed_pace_num,
        p.observed_pace_den AS observed_pace_den,
        p.value_num * p.pace_factor + p.observed_pace_num * p.ahead AS projected_num,
        p.observed_pace_den AS projected_den,
        p.target_num * p.value_den - p.value_num * p.target_den AS needed_pace_num,
        p.target_den * p.value_den * p.ahead AS needed_pace_den
    FROM paced AS p
)
SELECT
    p.commitment_id AS commitment_id,
    p.area_code AS area_code,
    p.segment AS segment,
    p.period AS period,
    p.observed_pace_num AS observed_pace_num,
    p.observed_pace_den AS observed_pace_den,
    p.needed_pace_num AS needed_pace_num,
    p.needed_pace_den AS needed_pace_den,
    p.projected_num AS projected_num,
    p.projected_den AS projected_den,
    CASE
        WHEN c.sign * (p.projected_num * p.target_den - p.target_num * p.projected_den) >= 0 THEN 'reachable'
        ELSE 'unreachable'
    END AS projection
FROM projected AS p
INNER JOIN commitment AS c ON c.commitment_id = p.commitment_id
