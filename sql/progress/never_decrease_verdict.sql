-- “只增不减”判定:一行一承诺、财政级次或学段、年度。
-- A row is one series of a never_decrease commitment in one period: kept (rose), unchanged, broken (fell).
-- The test is made on one basis: the previous value on the basis of the same release where the release gives it,
-- else the release's own same-basis growth, else the previous year's value if its basis is the same. Otherwise no
-- judgement. A last year's release of the same basis that agrees with the growth, as far as that is printed, stands for
-- it in full figures; one that does not (restated since) is shown beside it and decides nothing. A fall is not cured by a
-- later rise. From the year on in which it has to stand above the base year (rise_by), an amount that does not is broken too
-- (not_raised). A preliminary value, or one compared with a preliminary value, gives no verdict and counts no fall; a
-- preliminary base year keeps back only what has to stand above it and did not fall. Without a pass mark: shown only.
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
        o.numerator AS numerator,
        o.denominator AS denominator,
        o.value_num AS value_num,
        o.value_den AS value_den,
        o.value_source AS value_source,
        o.basis AS basis,
        o.maturity AS maturity,
        o.source_title AS source_title,
        o.not_applicable AS not_applicable
    FROM progress.observation AS o
    WHERE o.kind = 'never_decrease'
),
commitment AS (
    SELECT
        c.id AS commitment_id,
        c.base_period AS base_period,
        c.rise_by AS rise_by,
        COALESCE(c.operator = 'report', FALSE) AS report_only
    FROM raw.commitment AS c
    WHERE c.kind = 'never_decrease'
),
certified AS (
    SELECT
        v.indicator_id AS indicator_id,
        v.area_code AS area_code,
        v.segment AS segment,
        v.period_kind AS period_kind,
        v.period AS period,
        v.same_basis_previous_micro AS same_basis_previous_micro,
        v.same_basis_change_micro AS same_basis_change_micro
    FROM core.certified_value AS v
),
joined AS (
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
        o.numerator AS numerator,
        o.denominator AS denominator,
        o.value_num AS value_num,
        o.value_den AS value_den,
        o.value_source AS value_source,
        o.basis AS basis,
        o.maturity AS maturity,
        o.source_title AS source_title,
        o.not_applicable AS not_applicable,
        c.base_period AS base_period,
        c.rise_by AS rise_by,
        c.report_only AS report_only,
        b.value_num AS base_num,
        b.value_den AS base_den,
        b.basis AS base_basis,
        b.maturity AS base_maturity,
        l.maturity AS previous_maturity,
        l.value_num AS published_previous_num,
        l.value_den AS published_previous_den,
        l.basis AS previous_basis,
        CASE WHEN o.value_source = 'certified' THEN v.same_basis_previous_micro END AS same_basis_previous_micro,
        CASE WHEN o.value_source = 'certified' THEN v.same_basis_change_micro END AS published_change_micro
    FROM observation AS o
    INNER JOIN commitment AS c ON c.commitment_id = o.commitment_id
    LEFT JOIN observation AS b
        ON b.commitment_id = o.commitment_id AND b.area_code = o.area_code AND b.segment = o.segment
        AND b.period = c.base_period
    LEFT JOIN observation AS l
        ON l.commitment_id = o.commitment_id AND l.area_code = o.area_code AND l.segment = o.segment
        AND l.period = o.period - 1
    LEFT JOIN certified AS v
        ON v.indicator_id = o.indicator_id AND v.area_code = o.area_code AND v.segment = o.segment
        AND v.period_kind = o.period_kind AND v.period = o.period
),
placed AS (
    SELECT
        j.commitment_id AS commitment_id,
        j.area_code AS area_code,
        j.segment AS segment,
        j.period AS period,
        -- may last year's release be compared with? Growth is printed with one decimal or two: 0.05 points are rounding
        CASE
            WHEN j.same_basis_previous_micro IS NOT NULL OR j.previous_basis IS NULL OR j.previous_basis <> j.basis THEN FALSE
            WHEN j.published_change_micro IS NULL THEN TRUE
            ELSE COALESCE(
                j.previous_maturity = 'final'
                AND j.published_change_micro
                * (j.value_num * j.published_previous_den - j.published_previous_num * j.value_den) >= 0
                AND 100000000 * (j.value_num * j.published_previous_den - j.published_previous_num * j.value_den)
                <= (j.published_change_micro + 50000) * (j.published_previous_num * j.value_den)
                AND 100000000 * (j.value_num * j.published_previous_den - j.published_previous_num * j.value_den)
                >= (j.published_change_micro - 50000) * (j.published_previous_num * j.value_den),
                FALSE
            )
        END AS rests_on_previous
    FROM joined AS j
),
compared AS (
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
        j.numerator AS numerator,
        j.denominator AS denominator,
        j.value_num AS value_num,
        j.value_den AS value_den,
        j.value_source AS value_source,
        j.basis AS basis,
        j.maturity AS maturity,
        j.source_title AS source_title,
        j.not_applicable AS not_applicable,
        j.base_period AS base_period,
        -- still not above the base year when it has to be; across a break in basis that cannot be said
        COALESCE(
            j.period >= j.rise_by AND j.basis = j.base_basis
            AND j.value_num * j.base_den <= j.base_num * j.value_den,
            FALSE
        ) AS not_raised,
        COALESCE(j.period >= j.rise_by AND j.basis = j.base_basis AND j.base_maturity <> 'final', FALSE)
            AS base_is_preliminary,
        COALESCE(p.rests_on_previous AND j.previous_maturity <> 'final', FALSE) AS previous_is_preliminary,
        j.report_only AS report_only,
        j.base_num AS base_num,
        j.base_den AS base_den,
        j.published_previous_num AS published_previous_num,
        j.published_previous_den AS published_previous_den,
        (j.previous_basis IS NULL OR j.previous_basis = j.basis) AS same_series,
        CASE
            WHEN j.same_basis_previous_micro IS NOT NULL THEN CAST(j.same_basis_previous_micro AS DECIMAL(38, 0))
            WHEN p.rests_on_previous THEN j.published_previous_num
        END AS previous_num,
        CASE
            WHEN j.same_basis_previous_micro IS NOT NULL THEN CAST(1000000 AS DECIMAL(38, 0))
            WHEN p.rests_on_previous THEN j.published_previous_den
        END AS previous_den,
        j.published_change_micro AS published_change_micro
    FROM joined AS j
    INNER JOIN placed AS p
        ON p.commitment_id = j.commitment_id AND p.area_code = j.area_code AND p.segment = j.segment AND p.period = j.period
),
signed AS (
    SELECT
        c.commitment_id AS commitment_id,
        c.area_code AS area_code,
        c.segment AS segment,
        c.period AS period,
        -- +1 rose, 0 unchanged, -1 fell, NULL cannot be compared
        CASE
            WHEN c.value_num IS NULL THEN NULL
            WHEN c.previous_num IS NOT NULL
                THEN CASE
                    WHEN c.value_num * c.previous_den > c.previous_num * c.value_den THEN 1
                    WHEN c.value_num * c.previous_den = c.previous_num * c.value_den THEN 0
                    ELSE -1
                END
            WHEN c.published_change_micro > 0 THEN 1
            WHEN c.published_change_micro = 0 THEN 0
            WHEN c.published_change_micro < 0 THEN -1
        END AS direction
    FROM compared AS c
),
classed AS (
    SELECT
        c.commitment_id AS commitment_id,
        c.area_code AS area_code,
        c.segment AS segment,
        c.period AS period,
        s.direction AS direction,
        CASE
            WHEN c.period <= c.base_period AND NOT c.is_reported THEN NULL
            WHEN c.period <= c.base_period THEN 'base_year'
            WHEN c.not_applicable IS NOT NULL THEN c.not_applicable
            WHEN c.value_num IS NULL THEN 'no_value'
            WHEN (c.maturity <> 'final' OR c.previous_is_preliminary) AND NOT c.report_only THEN 'preliminary'
            WHEN s.direction IS NULL AND c.published_previous_num IS NULL THEN 'no_base'
            WHEN s.direction IS NULL THEN 'basis_break'
            -- a fall is a fall whatever the base year will be
            WHEN c.base_is_preliminary AND s.direction >= 0 AND NOT c.report_only THEN 'preliminary'
        END AS grey,
        SUM(CASE
            WHEN c.period > c.base_period AND c.maturity = 'final' AND NOT c.previous_is_preliminary AND s.direction = -1 THEN 1
            ELSE 0
        END) OVER (
            PARTITION BY c.commitment_id, c.area_code, c.segment ORDER BY c.period
            ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW
        ) AS falls_since_base
    FROM compared AS c
    INNER JOIN signed AS s
        ON s.commitment_id = c.commitment_id AND s.area_code = c.area_code
        AND s.segment = c.segment AND s.period = c.period
)
SELECT
    c.commitment_id AS commitment_id,
    c.indicator_id AS indicator_id,
    c.kind AS kind,
    c.variant AS variant,
    c.area_code AS area_code,
    c.segment AS segment,
    c.period_kind AS period_kind,
    c.period AS period,
    c.is_reported AS is_reported,
    c.is_total AS is_total,
    TRUE AS assessed,
    c.value_num AS value_num,
    c.value_den AS value_den,
    c.value_source AS value_source,
    c.numerator AS numerator,
    c.denominator AS denominator,
    c.basis AS basis,
    c.maturity AS maturity,
    c.source_title AS source_title,
    c.base_period AS base_period,
    c.base_num AS base_num,
    c.base_den AS base_den,
    c.previous_num AS previous_num,
    c.previous_den AS previous_den,
    c.published_previous_num AS published_previous_num,
    c.published_previous_den AS published_previous_den,
    c.published_change_micro AS published_change_micro,
    -- was the verdict reached on one basis? through the previous value or the release's own same-basis growth
    (c.same_series OR k.direction IS NOT NULL) AS same_basis,
    CASE
        WHEN k.grey IS NOT NULL THEN 'no_judgement'
        WHEN c.period <= c.base_period THEN NULL
        WHEN c.report_only THEN 'monitored'
        WHEN c.not_raised THEN 'broken'
        WHEN k.direction > 0 THEN 'kept'
        WHEN k.direction = 0 THEN 'unchanged'
        ELSE 'broken'
    END AS class,
    CASE WHEN k.grey IS NOT NULL THEN k.grey WHEN c.not_raised AND k.direction >= 0 AND NOT c.report_only THEN 'not_raised' END
        AS reason,
    NOT c.same_series AS flag_basis_break,
    -- a base year that may still change has a say only where the amount did not fall: there it keeps back the verdict
    COALESCE(c.maturity <> 'final', FALSE) OR c.previous_is_preliminary OR COALESCE(k.grey = 'preliminary', FALSE)
        AS flag_preliminary,
    CAST(k.falls_since_base AS BIGINT) AS falls_since_base
FROM compared AS c
INNER JOIN classed AS k
    ON k.commitment_id = c.commitment_id AND k.area_code = c.area_code
    AND k.segment = c.segment AND k.period = c.period
