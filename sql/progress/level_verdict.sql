-- 水平类承诺判定:一行一承诺、单位、年度,附全部判定依据。
-- A row is the class of one level_by_year commitment in one unit and period, with everything that decided it.
-- Order of evaluation: no judgement, achieved, missed, falling back, then the schedule; comparisons are exact.
-- Final (achieved, missed) only where the value and the base are final; a class that rests on preliminary data is
-- flagged. Cuts on the ratio: 0.95 and 0.60 (Eurostat / Statistics Canada); the other thresholds come from the plan file.
WITH observation AS (
    SELECT
        o.commitment_id AS commitment_id,
        o.indicator_id AS indicator_id,
        o.kind AS kind,
        o.variant AS variant,
        o.area_code AS area_code,
        o.segment AS segment,
        o.period_kind AS period_kind,
        o.period AS period,
        o.is_reported AS is_reported,
        o.is_total AS is_total,
        o.value_source AS value_source,
        o.maturity AS maturity,
        o.source_title AS source_title
    FROM progress.observation AS o
    WHERE o.kind = 'level_by_year'
),
path AS (
    SELECT
        p.commitment_id AS commitment_id,
        p.area_code AS area_code,
        p.segment AS segment,
        p.period AS period,
        p.value_num AS value_num,
        p.value_den AS value_den,
        p.numerator AS numerator,
        p.denominator AS denominator,
        p.basis AS basis,
        p.base_period AS base_period,
        p.base_num AS base_num,
        p.base_den AS base_den,
        p.base_numerator AS base_numerator,
        p.base_denominator AS base_denominator,
        p.base_basis AS base_basis,
        p.base_maturity AS base_maturity,
        p.previous_num AS previous_num,
        p.previous_den AS previous_den,
        p.published_previous_num AS published_previous_num,
        p.published_previous_den AS published_previous_den,
        p.same_basis AS same_basis,
        p.off_base AS off_base,
        p.sign AS sign,
        p.target_num AS target_num,
        p.target_den AS target_den,
        p.due_period AS due_period,
        p.hold_rule AS hold_rule,
        p.small_distance AS small_distance,
        p.path_num AS path_num,
        p.path_den AS path_den,
        p.rho_num AS rho_num,
        p.rho_den AS rho_den,
        p.distance_num AS distance_num,
        p.distance_den AS distance_den,
        p.gap_num AS gap_num,
        p.gap_den AS gap_den
    FROM progress.path AS p
),
commitment AS (
    SELECT
        c.id AS commitment_id,
        c.variant AS variant,
        c.counties AS counties,
        c.target_micro AS target_micro
    FROM raw.commitment AS c
    WHERE c.kind = 'level_by_year'
),
area AS (
    SELECT
        a.area_code AS area_code,
        a.assessed AS assessed
    FROM core.area AS a
),
computed AS (
    SELECT
        v.indicator_id AS indicator_id,
        v.variant AS variant,
        v.area_code AS area_code,
        v.segment AS segment,
        v.period AS period,
        v.denominator AS denominator
    FROM progress.indicator_value AS v
    WHERE v.value_source = 'computed'
),
threshold AS (
    SELECT
        CAST(MAX(CASE WHEN t.name = 'on_schedule_ratio' THEN t.value_micro END) AS DECIMAL(38, 0)) AS on_schedule_ratio,
        CAST(MAX(CASE WHEN t.name = 'slightly_behind_ratio' THEN t.value_micro END) AS DECIMAL(38, 0))
            AS slightly_behind_ratio,
        CAST(MAX(CASE WHEN t.name = 'small_on_schedule_points' THEN t.value_micro END) AS DECIMAL(38, 0))
            AS small_on_schedule,
        CAST(MAX(CASE WHEN t.name = 'small_slightly_behind_points' THEN t.value_micro END) AS DECIMAL(38, 0))
            AS small_slightly_behind,
        CAST(MAX(CASE WHEN t.name = 'falling_back_points' THEN t.value_micro END) AS DECIMAL(38, 0)) AS falling_back,
        CAST(MAX(CASE WHEN t.name = 'met_but_fell_points' THEN t.value_micro END) AS DECIMAL(38, 0)) AS met_but_fell,
        MAX(CASE WHEN t.name = 'small_denominator' THEN t.value_micro END) // 1000000 AS small_denominator
    FROM raw.threshold AS t
),
judged AS (
    SELECT
        o.commitment_id AS commitment_id,
        o.indicator_id AS indicator_id,
        o.kind AS kind,
        o.variant AS variant,
        o.area_code AS area_code,
        o.segment AS segment,
        o.period_kind AS period_kind,
        o.period AS period,
        o.is_reported AS is_reported,
        o.is_total AS is_total,
        (o.is_total OR (c.counties = 'assessed' AND a.assessed)) AS assessed,
        o.value_source AS value_source,
        o.maturity AS maturity,
        o.source_title AS source_title,
        p.value_num AS value_num,
        p.value_den AS value_den,
        p.numerator AS numerator,
        p.denominator AS denominator,
        COALESCE(p.denominator, d.denominator) AS persons,
        CASE
            WHEN p.value_num IS NULL THEN NULL
            WHEN o.value_source = 'certified'
                THEN CAST(
                    p.sign * (c.target_micro - p.value_num) * COALESCE(p.denominator, d.denominator) AS BIGINT
                )
            ELSE CAST(p.sign * (CAST(c.target_micro AS DECIMAL(38, 0)) * p.denominator - 100000000 * CAST(p.numerator AS DECIMAL(38, 0))) AS BIGINT)
        END AS shortage,
        p.basis AS basis,
        p.base_period AS base_period,
        p.base_num AS base_num,
        p.base_den AS base_den,
        p.base_numerator AS base_numerator,
        p.base_denominator AS base_denominator,
        p.base_basis AS base_basis,
        p.previous_num AS previous_num,
        p.previous_den AS previous_den,
        p.published_previous_num AS published_previous_num,
        p.published_previous_den AS published_previous_den,
        p.same_basis AS same_basis,
        p.off_base AS off_base,
        p.target_num AS target_num,
        p.target_den AS target_den,
        p.due_period AS due_period,
        p.hold_rule AS hold_rule,
        p.small_distance AS small_distance,
        p.path_num AS path_num,
        p.path_den AS path_den,
        p.rho_num AS rho_num,
        p.rho_den AS rho_den,
        p.distance_num AS distance_num,
        p.distance_den AS distance_den,
        p.gap_num AS gap_num,
        p.gap_den AS gap_den,
        p.sign AS sign,
        t.on_schedule_ratio AS on_schedule_ratio,
        t.slightly_behind_ratio AS slightly_behind_ratio,
        t.small_on_schedule AS small_on_schedule,
        t.small_slightly_behind AS small_slightly_behind,
        t.met_but_fell AS met_but_fell,
        COALESCE(o.maturity <> 'final', FALSE)
            OR COALESCE(p.base_maturity <> 'final' AND o.period > p.base_period, FALSE) AS is_preliminary,
        -- is the target met, exactly?
        p.sign * (p.value_num * p.target_den - p.target_num * p.value_den) >= 0 AS met,
        -- x < B - falling_back points (mirrored for down)
        p.sign * (p.value_num * p.base_den - p.base_num * p.value_den) * 1000000
            < 0 - t.falling_back * p.base_den * p.value_den AS fell_back,
        CASE
            WHEN o.period <= p.base_period AND NOT o.is_reported THEN 'not_due'
            WHEN NOT (o.is_total OR (c.counties = 'assessed' AND a.assessed)) THEN 'not_assessed'
            WHEN p.value_num IS NULL THEN 'no_value'
            WHEN p.base_num IS NULL THEN 'no_base'
            WHEN o.period <= p.base_period THEN 'base_year'
            WHEN p.off_base THEN 'basis_break'
            WHEN NOT o.is_total AND p.denominator < t.small_denominator THEN 'small_denominator'
        END AS grey
    FROM observation AS o
    INNER JOIN path AS p
        ON p.commitment_id = o.commitment_id
        AND p.area_code = o.area_code
        AND p.segment = o.segment
        AND p.period = o.period
    INNER JOIN commitment AS c ON c.commitment_id = o.commitment_id
    INNER JOIN area AS a ON a.area_code = o.area_code
    CROSS JOIN threshold AS t
    LEFT JOIN computed AS d
        ON d.indicator_id = o.indicator_id
        AND d.variant = c.variant
        AND d.area_code = o.area_code
        AND d.segment = o.segment
        AND d.period = o.period
)
SELECT
    j.commitment_id AS commitment_id,
    j.indicator_id AS indicator_id,
    j.kind AS kind,
    j.variant AS variant,
    j.area_code AS area_code,
    j.segment AS segment,
    j.period_kind AS period_kind,
    j.period AS period,
    j.is_reported AS is_reported,
    j.is_total AS is_total,
    j.assessed AS assessed,
    j.value_num AS value_num,
    j.value_den AS value_den,
    j.value_source AS value_source,
    j.numerator AS numerator,
    j.denominator AS denominator,
    j.basis AS basis,
    j.maturity AS maturity,
    j.source_title AS source_title,
    j.base_period AS base_period,
    -- nobody is to work out a change across a break in basis
    CASE WHEN NOT j.off_base THEN j.base_num END AS base_num,
    CASE WHEN NOT j.off_base THEN j.base_den END AS base_den,
    CASE WHEN NOT j.off_base THEN j.base_numerator END AS base_numerator,
    CASE WHEN NOT j.off_base THEN j.base_denominator END AS base_denominator,
    j.target_num AS target_num,
    j.target_den AS target_den,
    j.due_period AS due_period,
    j.hold_rule AS hold_rule,
    j.small_distance AS small_distance,
    j.path_num AS path_num,
    j.path_den AS path_den,
    j.rho_num AS rho_num,
    j.rho_den AS rho_den,
    j.distance_num AS distance_num,
    j.distance_den AS distance_den,
    j.gap_num AS gap_num,
    j.gap_den AS gap_den,
    CASE
        WHEN j.shortage IS NULL THEN NULL
        WHEN j.shortage <= 0 THEN 0
        ELSE (j.shortage + 99999999) // 100000000
    END AS gap_persons,
    CASE
        WHEN j.shortage IS NULL THEN NULL
        WHEN j.shortage >= 0 THEN 0
        ELSE (0 - j.shortage) // 100000000
    END AS surplus_persons,
    j.persons AS persons_base,
    j.previous_num AS previous_num,
    j.previous_den AS previous_den,
    j.published_previous_num AS published_previous_num,
    j.published_previous_den AS published_previous_den,
    CAST(NULL AS BIGINT) AS published_change_micro,
    j.same_basis AS same_basis,
    CASE
        WHEN j.grey = 'not_due' THEN NULL
        WHEN j.grey IS NOT NULL THEN 'no_judgement'
        WHEN j.met AND j.period < j.due_period THEN 'achieved_early'
        WHEN j.met AND NOT j.is_preliminary THEN 'achieved'
        WHEN j.met THEN 'on_schedule'
        WHEN j.period >= j.due_period AND NOT j.is_preliminary THEN 'missed'
        WHEN j.hold_rule OR j.fell_back THEN 'falling_back'
        WHEN j.small_distance AND j.sign * j.distance_num * 1000000 >= 0 - j.small_on_schedule * j.distance_den
            THEN 'on_schedule'
        WHEN j.small_distance AND j.sign * j.distance_num * 1000000 >= 0 - j.small_slightly_behind * j.distance_den
            THEN 'slightly_behind'
        WHEN j.small_distance THEN 'behind'
        WHEN j.rho_num * 1000000 >= j.on_schedule_ratio * j.rho_den THEN 'on_schedule'
        WHEN j.rho_num * 1000000 >= j.slightly_behind_ratio * j.rho_den THEN 'slightly_behind'
        ELSE 'behind'
    END AS class,
    CASE WHEN j.grey <> 'not_due' THEN j.grey END AS reason,
    COALESCE(
        j.met
        AND j.grey IS NULL
        AND j.sign * (j.value_num * j.previous_den - j.previous_num * j.value_den) * 1000000
            < 0 - j.met_but_fell * j.previous_den * j.value_den,
        FALSE
    ) AS flag_met_but_fell,
    COALESCE(
        j.grey IS NULL
        AND j.sign * (j.value_num * j.base_den - j.base_num * j.value_den) > 0
        AND j.numerator < j.base_numerator
        AND j.denominator < j.base_denominator,
        FALSE
    ) AS flag_denominator_driven,
    COALESCE(NOT j.same_basis OR (j.period > j.base_period AND j.basis <> j.base_basis), FALSE) AS flag_basis_break,
    j.is_preliminary AS flag_preliminary
FROM judged AS j
