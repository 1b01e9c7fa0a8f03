-- 到期年度的分母测算:一行一水平类承诺、单位,只限按年龄或同届学生可以推算的。
-- A row is the denominator that a rate will have in its due year, as far as it is known now without a forecast:
-- age groups are the same children some years younger (ages 3-5 in the due year are 3 - n to 5 - n now, on the basis
-- of the population that the plan prefers; nobody unborn is counted, so there is none more than three years ahead
-- for ages 3-5); classes are their own grade 1 eight years before. Moves and deaths until then are not known.
-- The whole area is the sum of its units, where every unit of the current year has one.
WITH commitment AS (
    SELECT
        c.id AS commitment_id,
        c.indicator_id AS indicator_id,
        c.variant AS variant,
        c.county_variant AS county_variant,
        c.reported_period AS reported_period,
        c.due_period AS due_period,
        CASE c.indicator_id WHEN 'preschool_ger' THEN 3 WHEN 'senior_secondary_ger' THEN 15 END AS first_age,
        CASE c.indicator_id WHEN 'preschool_ger' THEN 5 WHEN 'senior_secondary_ger' THEN 17 END AS last_age
    FROM raw.commitment AS c
    WHERE c.kind = 'level_by_year' AND c.reported_period < c.due_period
        AND c.indicator_id IN ('preschool_ger', 'senior_secondary_ger', 'compulsory_retention')
),
edition AS (
    SELECT
        e.area_code AS area_code
    FROM raw.edition AS e
),
population AS (
    SELECT
        p.area_code AS area_code,
        CAST(EXTRACT(YEAR FROM p.ref_date) AS BIGINT) AS school_year,
        p.basis AS basis,
        p.age AS age,
        p.population AS population
    FROM staging.population_by_age AS p
),
by_basis AS (
    SELECT
        c.commitment_id AS commitment_id,
        p.area_code AS area_code,
        p.basis AS basis,
        SUM(p.population) AS denominator
    FROM commitment AS c
    INNER JOIN population AS p
        ON p.school_year = c.reported_period
        AND p.age BETWEEN c.first_age - (c.due_period - c.reported_period)
            AND c.last_age - (c.due_period - c.reported_period)
    WHERE c.first_age >= c.due_period - c.reported_period
    GROUP BY c.commitment_id, p.area_code, p.basis
),
preferred AS (
    SELECT
        b.commitment_id AS commitment_id,
        b.area_code AS area_code,
        b.denominator AS denominator,
        ROW_NUMBER() OVER (PARTITION BY b.commitment_id, b.area_code ORDER BY o.priority, b.basis) AS choice
    FROM by_basis AS b
    INNER JOIN raw.population_basis AS o ON o.basis = b.basis
),
unit AS (
    SELECT
        p.commitment_id AS commitment_id,
        p.area_code AS area_code,
        p.denominator AS denominator,
        'population_by_age' AS known_from,
        TRUE AS for_unit
    FROM preferred AS p
    WHERE p.choice = 1
    UNION ALL
    SELECT
        c.commitment_id AS commitment_id,
        h.area_code AS area_code,
        h.grade1_pupils AS denominator,
        'cohort' AS known_from,
        c.county_variant = 'grade9_over_grade1' AS for_unit
    FROM commitment AS c
    INNER JOIN core.cohort AS h ON h.school_year = c.due_period - 8
    WHERE c.indicator_id = 'compulsory_retention' AND c.variant = 'grade9_over_grade1' AND h.grade1_pupils > 0
),
current_units AS (
    SELECT
        c.commitment_id AS commitment_id,
        COUNT(DISTINCT v.area_code) AS units
    FROM commitment AS c
    CROSS JOIN edition AS e
    INNER JOIN progress.indicator_value AS v
        ON v.indicator_id = c.indicator_id AND v.variant = c.variant AND v.period = c.reported_period
        AND v.area_code <> e.area_code
    WHERE v.denominator > 0
    GROUP BY c.commitment_id
),
whole AS (
    SELECT
        u.commitment_id AS commitment_id,
        SUM(u.denominator) AS denominator,
        COUNT(u.area_code) AS units,
        MIN(u.known_from) AS known_from
    FROM unit AS u
    GROUP BY u.commitment_id
)
SELECT
    u.commitment_id AS commitment_id,
    u.area_code AS area_code,
    CAST(u.denominator AS BIGINT) AS denominator,
    u.known_from AS known_from
FROM unit AS u
WHERE u.for_unit
UNION ALL
SELECT
    w.commitment_id AS commitment_id,
    e.area_code AS area_code,
    CAST(w.denominator AS BIGINT) AS denominator,
    w.known_from AS known_from
FROM whole AS w
CROSS JOIN edition AS e
INNER JOIN current_units AS n ON n.commitment_id = w.commitment_id AND n.units = w.units
