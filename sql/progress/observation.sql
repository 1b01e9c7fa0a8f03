-- 判定用观测值:一行一承诺、单位、分组、年度。
-- A row is the one value that decides a commitment in a unit and period, or the place where it is missing.
-- The whole area takes the certified value where the plan says so and there is one, else the plan's variant;
-- computed values older than the first certified one are left out, so that a series does not begin on another
-- basis. Units take the plan's county variant. The reported period is present for every unit, with or without a value,
-- and for each segment where the figure comes by segment. not_applicable says why no value can be asked of a unit.
WITH edition AS (
    SELECT
        e.area_code AS area_code
    FROM raw.edition AS e
),
commitment AS (
    SELECT
        c.id AS commitment_id,
        c.kind AS kind,
        c.indicator_id AS indicator_id,
        c.variant AS variant,
        c.county_variant AS county_variant,
        c.decided_by AS decided_by,
        c.counties AS counties,
        c.series AS series,
        c.period_kind AS period_kind,
        c.reported_period AS reported_period
    FROM raw.commitment AS c
    -- a commitment without a figure has no observation; the summary says that there is none
    WHERE c.indicator_id IS NOT NULL
),
value AS (
    SELECT
        v.indicator_id AS indicator_id,
        v.variant AS variant,
        v.area_code AS area_code,
        v.segment AS segment,
        v.period_kind AS period_kind,
        v.period AS period,
        v.numerator AS numerator,
        v.denominator AS denominator,
        v.value_num AS value_num,
        v.value_den AS value_den,
        v.value_source AS value_source,
        v.basis AS basis,
        v.maturity AS maturity,
        v.source_title AS source_title
    FROM progress.indicator_value AS v
),
first_certified AS (
    SELECT
        v.indicator_id AS indicator_id,
        v.area_code AS area_code,
        v.segment AS segment,
        MIN(v.period) AS period
    FROM value AS v
    WHERE v.value_source = 'certified'
    GROUP BY v.indicator_id, v.area_code, v.segment
),
candidate AS (
    SELECT
        c.commitment_id AS commitment_id,
        v.variant AS variant,
        v.area_code AS area_code,
        v.segment AS segment,
        v.period AS period,
        v.numerator AS numerator,
        v.denominator AS denominator,
        v.value_num AS value_num,
        v.value_den AS value_den,
        v.value_source AS value_source,
        v.basis AS basis,
        v.maturity AS maturity,
        v.source_title AS source_title,
        ROW_NUMBER() OVER (
            PARTITION BY c.commitment_id, v.area_code, v.segment, v.period
            ORDER BY CASE WHEN v.value_source = 'certified' THEN 0 ELSE 1 END, v.variant
        ) AS choice
    FROM commitment AS c
    CROSS JOIN edition AS e
    INNER JOIN value AS v ON v.indicator_id = c.indicator_id AND v.period_kind = c.period_kind
    LEFT JOIN first_certified AS f
        ON f.indicator_id = v.indicator_id AND f.area_code = v.area_code AND f.segment = v.segment
    WHERE v.period <= c.reported_period
        AND NOT (
            c.decided_by = 'certified_first' AND v.value_source = 'computed'
            AND COALESCE(v.period < f.period, FALSE)
        )
        AND (
            (c.kind = 'never_decrease' AND v.variant = c.variant)
            OR (
                c.kind = 'level_by_year' AND v.area_code = e.area_code
                AND (v.variant = c.variant OR (v.variant = 'certified' AND c.decided_by = 'certified_first'))
            )
            OR (c.kind = 'level_by_year' AND v.area_code <> e.area_code AND v.variant = c.county_variant)
            OR (c.kind NOT IN ('level_by_year', 'never_decrease') AND v.variant = c.variant)
        )
),
not_applicable AS (
    SELECT
        n.indicator_id AS indicator_id,
        n.area_code AS area_code,
        n.period_kind AS period_kind,
        n.period AS period,
        n.reason AS reason
    FROM core.not_applicable AS n
),
unit AS (
    SELECT
        a.area_code AS area_code,
        a.unit_role AS unit_role
    FROM core.area AS a
    WHERE a.is_current
),
known_series AS (
    SELECT
        k.commitment_id AS commitment_id,
        k.area_code AS area_code,
        k.segment AS segment
    FROM candidate AS k
    GROUP BY k.commitment_id, k.area_code, k.segment
),
-- a figure that comes by segment only (land, floor space, ...) is due by segment: there is no "all" to wait for
due_segment AS (
    SELECT
        k.commitment_id AS commitment_id,
        k.segment AS segment
    FROM known_series AS k
    INNER JOIN commitment AS c ON c.commitment_id = k.commitment_id
    WHERE c.kind NOT IN ('level_by_year', 'never_decrease')
    GROUP BY k.commitment_id, k.segment
),
due_series AS (
    SELECT
        c.commitment_id AS commitment_id,
        u.area_code AS area_code,
        COALESCE(g.segment, 'all') AS segment
    FROM commitment AS c
    CROSS JOIN edition AS e
    LEFT JOIN due_segment AS g ON g.commitment_id = c.commitment_id
    INNER JOIN unit AS u
        ON u.area_code = e.area_code
        OR (c.kind <> 'never_decrease' AND c.counties <> 'none' AND u.unit_role <> 'own_level')
        OR (c.kind = 'never_decrease' AND c.series = 'budget_levels')
    UNION
    SELECT
        k.commitment_id AS commitment_id,
        k.area_code AS area_code,
        k.segment AS segment
    FROM known_series AS k
),
due AS (
    SELECT
        s.commitment_id AS commitment_id,
        s.area_code AS area_code,
        s.segment AS segment,
        c.reported_period AS period
    FROM due_series AS s
    INNER JOIN commitment AS c ON c.commitment_id = s.commitment_id
),
chosen AS (
    SELECT
        k.commitment_id AS commitment_id,
        k.variant AS variant,
        k.area_code AS area_code,
        k.segment AS segment,
        k.period AS period,
        k.numerator AS numerator,
        k.denominator AS denominator,
        k.value_num AS value_num,
        k.value_den AS value_den,
        k.value_source AS value_source,
        k.basis AS basis,
        k.maturity AS maturity,
        k.source_title AS source_title
    FROM candidate AS k
    WHERE k.choice = 1
),
place AS (
    SELECT
        d.commitment_id AS commitment_id,
        d.area_code AS area_code,
        d.segment AS segment,
        d.period AS period
    FROM due AS d
    UNION
    SELECT
        k.commitment_id AS commitment_id,
        k.area_code AS area_code,
        k.segment AS segment,
        k.period AS period
    FROM chosen AS k
)
SELECT
    p.commitment_id AS commitment_id,
    c.indicator_id AS indicator_id,
    c.kind AS kind,
    COALESCE(k.variant, CASE WHEN p.area_code = e.area_code THEN c.variant ELSE COALESCE(c.county_variant, c.variant) END)
        AS variant,
    p.area_code AS area_code,
    p.segment AS segment,
    c.period_kind AS period_kind,
    p.period AS period,
    p.period = c.reported_period AS is_reported,
    p.area_code = e.area_code AS is_total,
    k.numerator AS numerator,
    k.denominator AS denominator,
    k.value_num AS value_num,
    k.value_den AS value_den,
    k.value_source AS value_source,
    k.basis AS basis,
    k.maturity AS maturity,
    k.source_title AS source_title,
    CASE WHEN k.value_num IS NULL THEN n.reason END AS not_applicable
FROM place AS p
CROSS JOIN edition AS e
INNER JOIN commitment AS c ON c.commitment_id = p.commitment_id
LEFT JOIN chosen AS k
    ON k.commitment_id = p.commitment_id
    AND k.area_code = p.area_code
    AND k.segment = p.segment
    AND k.period = p.period
LEFT JOIN not_applicable AS n
    ON n.indicator_id = c.indicator_id AND n.area_code = p.area_code AND n.period_kind = c.period_kind AND n.period = p.period
