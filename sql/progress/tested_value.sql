-- 判定输入:一行一承诺、单位、分组、年度(除水平类和只增不减类以外的九类),各类判定所需的全部数。
-- A row is one observed value of a commitment of the other nine kinds, with everything that the rules read: target,
-- base value, previous value on the same basis, benchmark, what is missing, and why it cannot be judged (grey).
-- No class is decided here. A unit with a small denominator is pooled over three years of one basis where the plan
-- says so; then value_num / value_den is the pooled value. A share of those that comply is held against 100 %.
-- silent: how many schools, counties, ... left blank what is needed to tell (core.exception): they count nowhere, and
-- while there is one nobody can say that all comply.
WITH observation AS (
    SELECT
        o.commitment_id AS commitment_id,
        o.kind AS kind,
        o.area_code AS area_code,
        o.segment AS segment,
        o.period AS period,
        o.is_reported AS is_reported,
        o.is_total AS is_total,
        o.numerator AS numerator,
        o.denominator AS denominator,
        o.value_num AS value_num,
        o.value_den AS value_den,
        o.basis AS basis,
        o.maturity AS maturity,
        o.source_title AS source_title,
        o.not_applicable AS not_applicable
    FROM progress.observation AS o
    WHERE o.kind NOT IN ('level_by_year', 'never_decrease')
),
commitment AS (
    SELECT
        c.id AS commitment_id,
        c.kind AS kind,
        c.counties AS counties,
        c.operator AS operator,
        c.value_is AS value_is,
        c.compared_with AS compared_with,
        c.small_units AS small_units,
        c.due_basis AS due_basis,
        c.unit AS unit,
        c.base_period AS base_period,
        c.due_period AS due_period,
        c.first_judged AS first_judged,
        c.target_micro AS target_micro,
        c.step_micro AS step_micro,
        c.window_years AS window_years,
        c.first_window AS first_window,
        c.indicator_id AS indicator_id,
        c.period_kind AS period_kind,
        CAST(c.direction_sign AS DECIMAL(38, 0)) AS sign
    FROM raw.commitment AS c
),
area AS (
    SELECT
        a.area_code AS area_code,
        a.assessed AS assessed
    FROM core.area AS a
),
edition AS (
    SELECT
        e.area_code AS area_code
    FROM raw.edition AS e
),
benchmark AS (
    SELECT
        v.indicator_id AS indicator_id,
        v.area_code AS area_code,
        v.segment AS segment,
        v.period_kind AS period_kind,
        v.period AS period,
        v.value_num AS value_num,
        v.value_den AS value_den,
        v.maturity AS maturity
    FROM progress.indicator_value AS v
    WHERE v.variant = 'benchmark'
),
threshold AS (
    SELECT
        CAST(MAX(CASE WHEN t.name = 'on_schedule_ratio' THEN t.value_micro END) AS DECIMAL(38, 0)) AS on_schedule_ratio,
        CAST(MAX(CASE WHEN t.name = 'slightly_behind_ratio' THEN t.value_micro END) AS DECIMAL(38, 0))
            AS slightly_behind_ratio,
        CAST(MAX(CASE WHEN t.name = 'met_but_fell_points' THEN t.value_micro END) AS DECIMAL(38, 0)) AS met_but_fell,
        CAST(MAX(CASE WHEN t.name = 'mostly_covered_percent' THEN t.value_micro END) AS DECIMAL(38, 0))
            AS mostly_covered,
        CAST(MAX(CASE WHEN t.name = 'interval_z_squared' THEN t.value_micro END) AS DECIMAL(38, 0)) AS z_squared,
        MAX(CASE WHEN t.name = 'small_denominator' THEN t.value_micro END) // 1000000 AS small_denominator
    FROM raw.threshold AS t
),
-- Three years of one basis, added up: numerators over denominators, never a mean of rates; preliminary if a year is.
-- Fewer than three years are no three-year value: such a unit stays without judgement, however many persons they add up to.
pooled AS (
    SELECT
        o.commitment_id AS commitment_id,
        o.area_code AS area_code,
        o.segment AS segment,
        o.period AS period,
        SUM(f.numerator) AS numerator,
        SUM(f.denominator) AS denominator,
        MIN(CASE WHEN f.maturity <> 'final' THEN f.maturity END) AS not_final
    FROM observation AS o
    INNER JOIN observation AS f
        ON f.commitment_id = o.commitment_id AND f.area_code = o.area_code AND f.segment = o.segment
        AND f.period BETWEEN o.period - 2 AND o.period AND f.basis = o.basis
    WHERE o.value_num IS NOT NULL AND f.numerator IS NOT NULL AND f.denominator > 0
    GROUP BY o.commitment_id, o.area_code, o.segment, o.period
    HAVING COUNT(f.period) = 3
),
silent AS (
    SELECT
        x.indicator_id AS indicator_id,
        x.area_code AS area_code,
        x.segment AS segment,
        x.period_kind AS period_kind,
        x.period AS period,
        COUNT(x.unit_id) AS silent
    FROM core.exception AS x
    WHERE x.numerator IS NULL AND x.denominator IS NULL
    GROUP BY x.indicator_id, x.area_code, x.segment, x.period_kind, x.period
),
silent_in_all AS (
    SELECT
        s.indicator_id AS indicator_id,
        s.segment AS segment,
        s.period_kind AS period_kind,
        s.period AS period,
        SUM(s.silent) AS silent
    FROM silent AS s
    GROUP BY s.indicator_id, s.segment, s.period_kind, s.period
),
joined AS (
    SELECT
        o.commitment_id AS commitment_id,
        o.kind AS kind,
        o.area_code AS area_code,
        o.segment AS segment,
        o.period AS period,
        o.is_reported AS is_reported,
        o.is_total AS is_total,
        o.value_num AS value_num,
        o.value_den AS value_den,
        o.numerator AS numerator,
        o.denominator AS denominator,
        o.basis AS basis,
        o.maturity AS maturity,
        o.source_title AS source_title,
        o.not_applicable AS not_applicable,
        c.sign AS sign,
        c.value_is AS value_is,
        c.compared_with AS compared_with,
        c.due_basis AS due_basis,
        c.unit AS unit,
        c.base_period AS base_period,
        c.due_period AS due_period,
        c.step_micro AS step_micro,
        c.window_years AS window_years,
        c.first_window AS first_window,
        c.small_units AS small_units,
        c.target_micro AS target_micro,
        c.first_judged AS first_judged,
        (o.is_total OR (c.counties = 'assessed' AND a.assessed)) AS assessed,
        COALESCE(c.operator = '>', FALSE) AS strict,
        COALESCE(c.operator = 'report', FALSE) AS report_only,
        b.value_num AS base_num,
        b.value_den AS base_den,
        b.basis AS base_basis,
        b.maturity AS base_maturity,
        CASE WHEN l.basis = o.basis THEN l.value_num END AS previous_num,
        CASE WHEN l.basis = o.basis THEN l.value_den END AS previous_den,
        p.numerator AS pooled_numerator,
        p.denominator AS pooled_denominator,
        p.not_final AS pooled_not_final,
        COALESCE(
            c.small_units = 'pooled' AND NOT o.is_total AND o.denominator < t.small_denominator
            AND p.denominator >= t.small_denominator,
            FALSE
        ) AS pooled,
        COALESCE(n.value_num, m.value_num) AS benchmark_num,
        COALESCE(n.value_den, m.value_den) AS benchmark_den,
        CASE WHEN n.value_num IS NOT NULL THEN n.maturity ELSE m.maturity END AS benchmark_maturity,
        t.mostly_covered AS mostly_covered,
        t.z_squared AS z_squared,
        t.on_schedule_ratio AS on_schedule_ratio,
        t.slightly_behind_ratio AS slightly_behind_ratio,
        t.met_but_fell AS met_but_fell,
        t.small_denominator AS small_denominator,
        CAST(COALESCE(CASE WHEN o.is_total THEN w.silent ELSE s.silent END, 0) AS BIGINT) AS silent
    FROM observation AS o
    INNER JOIN commitment AS c ON c.commitment_id = o.commitment_id
    INNER JOIN area AS a ON a.area_code = o.area_code
    CROSS JOIN edition AS e
    CROSS JOIN threshold AS t
    LEFT JOIN observation AS b
        ON b.commitment_id = o.commitment_id AND b.area_code = o.area_code AND b.segment = o.segment
        AND b.period = c.base_period
    LEFT JOIN observation AS l
        ON l.commitment_id = o.commitment_id AND l.area_code = o.area_code AND l.segment = o.segment
        AND l.period = o.period - 1
    LEFT JOIN pooled AS p
        ON p.commitment_id = o.commitment_id AND p.area_code = o.area_code AND p.segment = o.segment
        AND p.period = o.period
    -- the unit's own benchmark, else that of the whole area; always of the same year and segment
    LEFT JOIN benchmark AS n
        ON n.indicator_id = c.indicator_id AND n.area_code = o.area_code AND n.segment = o.segment
        AND n.period_kind = c.period_kind AND n.period = o.period
    LEFT JOIN benchmark AS m
        ON m.indicator_id = c.indicator_id AND m.area_code = e.area_code AND m.segment = o.segment
        AND m.period_kind = c.period_kind AND m.period = o.period
    LEFT JOIN silent AS s
        ON s.indicator_id = c.indicator_id AND s.area_code = o.area_code AND s.segment = o.segment
        AND s.period_kind = c.period_kind AND s.period = o.period
    LEFT JOIN silent_in_all AS w
        ON w.indicator_id = c.indicator_id AND w.segment = o.segment AND w.period_kind = c.period_kind
        AND w.period = o.period
),
aimed AS (
    SELECT
        j.commitment_id AS commitment_id,
        j.area_code AS area_code,
        j.segment AS segment,
        j.period AS period,
        CASE WHEN j.pooled THEN CAST(100 * j.pooled_numerator AS DECIMAL(38, 0)) ELSE j.value_num END AS value_num,
        CASE WHEN j.pooled THEN CAST(j.pooled_denominator AS DECIMAL(38, 0)) ELSE j.value_den END AS value_den,
        CASE
            WHEN j.kind = 'full_coverage' OR j.value_is = 'share_complying' THEN CAST(100 AS DECIMAL(38, 0))
            ELSE CAST(j.target_micro AS DECIMAL(38, 0))
        END AS target_num,
        CASE
            WHEN j.kind = 'full_coverage' OR j.value_is = 'share_complying' THEN CAST(1 AS DECIMAL(38, 0))
            ELSE CAST(1000000 AS DECIMAL(38, 0))
        END AS target_den,
        -- how many are missing: members that do not comply, persons short of a rate, things short of a number
        CASE
            WHEN j.value_num IS NULL THEN NULL
            WHEN j.kind = 'full_coverage' OR j.value_is = 'share_complying' THEN j.denominator - j.numerator
            WHEN j.unit = 'percent' AND j.target_micro IS NOT NULL
                THEN CAST(j.sign AS BIGINT) * (j.target_micro * j.denominator - 100000000 * j.numerator)
            WHEN j.unit = 'count' AND j.target_micro IS NOT NULL
                THEN CAST(j.sign AS BIGINT) * (j.target_micro - 1000000 * j.numerator)
        END AS missing_raw,
        CASE
            WHEN j.kind = 'full_coverage' OR j.value_is = 'share_complying' THEN 1
            WHEN j.unit = 'percent' THEN 100000000
            ELSE 1000000
        END AS missing_scale,
        CASE
            WHEN j.period < j.first_judged AND NOT j.is_reported THEN 'not_due'
            WHEN NOT j.assessed THEN 'not_assessed'
            WHEN j.not_applicable IS NOT NULL THEN j.not_applicable
            WHEN j.value_num IS NULL THEN 'no_value'
            WHEN NOT j.is_total AND j.small_units <> 'judged' AND NOT j.pooled AND j.denominator < j.small_denominator
                THEN 'small_denominator'
        END AS grey
    FROM joined AS j
)
SELECT
    j.commitment_id AS commitment_id,
    j.area_code AS area_code,
    j.segment AS segment,
    j.period AS period,
    j.kind AS kind,
    j.is_reported AS is_reported,
    j.is_total AS is_total,
    j.assessed AS assessed,
    j.sign AS sign,
    j.strict AS strict,
    j.report_only AS report_only,
    j.unit AS unit,
    j.value_is AS value_is,
    j.compared_with AS compared_with,
    j.due_basis AS due_basis,
    i.value_num AS value_num,
    i.value_den AS value_den,
    CASE WHEN j.pooled THEN CAST(j.pooled_numerator AS BIGINT) ELSE j.numerator END AS numerator,
    CASE WHEN j.pooled THEN CAST(j.pooled_denominator AS BIGINT) ELSE j.denominator END AS denominator,
    j.basis AS basis,
    CASE WHEN j.pooled THEN COALESCE(j.pooled_not_final, j.maturity) ELSE j.maturity END AS maturity,
    j.source_title AS source_title,
    i.target_num AS target_num,
    i.target_den AS target_den,
    j.base_period AS base_period,
    j.due_period AS due_period,
    j.base_num AS base_num,
    j.base_den AS base_den,
    j.base_basis AS base_basis,
    j.base_maturity AS base_maturity,
    j.previous_num AS previous_num,
    j.previous_den AS previous_den,
    j.pooled AS pooled,
    -- whole ones, rounded up; a surplus is negative, rounded towards nothing
    CASE
        WHEN i.missing_raw > 0 THEN (i.missing_raw + i.missing_scale - 1) // i.missing_scale
        WHEN i.missing_raw <= 0 THEN 0 - (0 - i.missing_raw) // i.missing_scale
    END AS missing,
    j.step_micro AS step_micro,
    j.window_years AS window_years,
    j.first_window AS first_window,
    j.benchmark_num AS benchmark_num,
    j.benchmark_den AS benchmark_den,
    j.benchmark_maturity AS benchmark_maturity,
    j.mostly_covered AS mostly_covered,
    j.z_squared AS z_squared,
    j.on_schedule_ratio AS on_schedule_ratio,
    j.slightly_behind_ratio AS slightly_behind_ratio,
    j.met_but_fell AS met_but_fell,
    j.silent AS silent,
    i.grey AS grey
FROM joined AS j
INNER JOIN aimed AS i
    ON i.commitment_id = j.commitment_id AND i.area_code = j.area_code AND i.segment = j.segment AND i.period = j.period
