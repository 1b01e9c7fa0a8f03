-- 普惠性幼儿园数量类指标的构成:一行一园(或一条认定),当年新认定、基期以来新增。
-- A row is what one kindergarten adds to an indicator. recognised: a private kindergarten first recognised in the calendar
-- year and not withdrawn by its end. gross: inclusive in a year after the base year of the promise and not in it, each
-- counted once, whatever became of it; net: inclusive now (+1) less inclusive in the base year (-1). Inclusive as in
-- core.kindergarten; with children. Units without a return of the base year have neither.
-- Numerator and denominator are what this row adds; an indicator is their sum over rows. lacking names what a unit
-- is short of. A row without numbers is a unit that did not say: it counts nowhere and is listed by name.
WITH base AS (
    SELECT
        MIN(c.base_period) AS school_year
    FROM raw.commitment AS c
    WHERE c.indicator_id = 'inclusive_kindergartens_added'
),
register AS (
    SELECT
        r.school_id AS school_id,
        r.area_code AS area_code,
        r.period AS period,
        r.decision_no AS decision_no,
        r.recognised_from AS recognised_from,
        r.withdrawn_on AS withdrawn_on,
        r.maturity AS maturity,
        r.source_file AS source_file,
        r.source_sheet AS source_sheet,
        r.source_row AS source_row
    FROM staging.inclusive_kindergarten_register AS r
),
kindergarten AS (
    SELECT
        k.school_id AS school_id,
        k.school_year AS school_year,
        k.area_code AS area_code
    FROM core.kindergarten AS k
    WHERE k.is_inclusive AND k.children > 0
),
profile AS (
    SELECT
        p.school_id AS school_id,
        p.school_year AS school_year,
        p.school_name AS school_name,
        p.area_code AS area_code,
        p.is_open AS is_open,
        p.maturity AS maturity,
        p.source_file AS source_file,
        p.source_sheet AS source_sheet,
        p.source_row AS source_row
    FROM core.school_profile AS p
),
known_area AS (
    SELECT
        k.area_code AS area_code
    FROM core.kindergarten AS k
    INNER JOIN base AS b ON b.school_year = k.school_year
    WHERE k.children > 0
    GROUP BY k.area_code
),
year AS (
    SELECT
        k.area_code AS area_code,
        k.school_year AS school_year
    FROM core.kindergarten AS k
    INNER JOIN base AS b ON b.school_year <= k.school_year
    GROUP BY k.area_code, k.school_year
),
first_decision AS (
    SELECT
        r.period AS period,
        r.school_id AS school_id,
        MIN(b.recognised_from) AS recognised_from
    FROM register AS r
    INNER JOIN register AS b ON b.school_id = r.school_id AND b.period <= r.period
    GROUP BY r.period, r.school_id
),
decision AS (
    SELECT
        r.school_id AS school_id,
        r.area_code AS area_code,
        r.period AS period,
        r.maturity AS maturity,
        r.source_file AS source_file,
        r.source_sheet AS source_sheet,
        r.source_row AS source_row,
        CAST(EXTRACT(YEAR FROM d.recognised_from) AS BIGINT) = r.period
            AND r.recognised_from = d.recognised_from
            AND (r.withdrawn_on IS NULL OR r.withdrawn_on > CAST(CAST(r.period AS VARCHAR) || '-12-31' AS DATE)) AS is_new,
        ROW_NUMBER() OVER (
            PARTITION BY r.period, r.school_id ORDER BY r.recognised_from, r.decision_no, r.source_file, r.source_row
        ) AS place
    FROM register AS r
    INNER JOIN first_decision AS d ON d.period = r.period AND d.school_id = r.school_id
),
old AS (
    SELECT
        k.school_id AS school_id,
        k.area_code AS area_code
    FROM kindergarten AS k
    INNER JOIN base AS b ON b.school_year = k.school_year
),
entered AS (
    SELECT
        k.school_id AS school_id,
        MIN(k.school_year) AS school_year
    FROM kindergarten AS k
    INNER JOIN base AS b ON b.school_year < k.school_year
    LEFT JOIN old AS o ON o.school_id = k.school_id
    WHERE o.school_id IS NULL
    GROUP BY k.school_id
),
final AS (
    SELECT
        'inclusive_private_recognised_2021' AS indicator_id,
        'recognised' AS variant,
        d.area_code AS area_code,
        'all' AS segment,
        'calendar_year' AS period_kind,
        d.period AS period,
        d.school_id AS unit_id,
        p.school_name AS unit_name,
        CAST(CASE WHEN d.is_new AND d.place = 1 THEN 1 ELSE 0 END AS BIGINT) AS numerator,
        CAST(NULL AS BIGINT) AS denominator,
        CAST(NULL AS VARCHAR) AS lacking,
        '当年首次认定' AS basis,
        d.maturity AS maturity,
        d.source_file AS source_file,
        d.source_sheet AS source_sheet,
        d.source_row AS source_row
    FROM decision AS d
    INNER JOIN profile AS p ON p.school_id = d.school_id AND p.school_year = d.period
    UNION ALL
    SELECT
        'inclusive_kindergartens_added' AS indicator_id,
        'gross' AS variant,
        p.area_code AS area_code,
        'all' AS segment,
        'school_year' AS period_kind,
        y.school_year AS period,
        n.school_id AS unit_id,
        p.school_name AS unit_name,
        CAST(CASE WHEN n.school_year <= y.school_year THEN 1 ELSE 0 END AS BIGINT) AS numerator,
        CAST(NULL AS BIGINT) AS denominator,
        CAST(NULL AS VARCHAR) AS lacking,
        CAST(b.school_year AS VARCHAR) || '年以来新增,不减注销' AS basis,
        p.maturity AS maturity,
        p.source_file AS source_file,
        p.source_sheet AS source_sheet,
        p.source_row AS source_row
    FROM entered AS n
    CROSS JOIN base AS b
    INNER JOIN profile AS p ON p.school_id = n.school_id AND p.school_year = n.school_year
    INNER JOIN known_area AS a ON a.area_code = p.area_code
    INNER JOIN year AS y ON y.area_code = p.area_code
    UNION ALL
    SELECT
        'inclusive_kindergartens_added' AS indicator_id,
        'gross' AS variant,
        o.area_code AS area_code,
        'all' AS segment,
        'school_year' AS period_kind,
        y.school_year AS period,
        o.school_id AS unit_id,
        p.school_name AS unit_name,
        CAST(0 AS BIGINT) AS numerator,
        CAST(NULL AS BIGINT) AS denominator,
        CAST(NULL AS VARCHAR) AS lacking,
        CAST(b.school_year AS VARCHAR) || '年以来新增,不减注销' AS basis,
        p.maturity AS maturity,
        p.source_file AS source_file,
        p.source_sheet AS source_sheet,
        p.source_row AS source_row
    FROM old AS o
    CROSS JOIN base AS b
    INNER JOIN profile AS p ON p.school_id = o.school_id AND p.school_year = b.school_year
    INNER JOIN year AS y ON y.area_code = o.area_code
    UNION ALL
    SELECT
        'inclusive_kindergartens_added' AS indicator_id,
        'net' AS variant,
        k.area_code AS area_code,
        'all' AS segment,
        'school_year' AS period_kind,
        k.school_year AS period,
        k.school_id AS unit_id,
        p.school_name AS unit_name,
        CAST(1 AS BIGINT) AS numerator,
        CAST(NULL AS BIGINT) AS denominator,
        CAST(NULL AS VARCHAR) AS lacking,
        '较' || CAST(b.school_year AS VARCHAR) || '年净增' AS basis,
        p.maturity AS maturity,
        p.source_file AS source_file,
        p.source_sheet AS source_sheet,
        p.source_row AS source_row
    FROM kindergarten AS k
    INNER JOIN base AS b ON b.school_year <= k.school_year
    INNER JOIN profile AS p ON p.school_id = k.school_id AND p.school_year = k.school_year
    INNER JOIN known_area AS a ON a.area_code = k.area_code
    UNION ALL
    SELECT
        'inclusive_kindergartens_added' AS indicator_id,
        'net' AS variant,
        o.area_code AS area_code,
        'all' AS segment,
        'school_year' AS period_kind,
        y.school_year AS period,
        o.school_id AS unit_id,
        p.school_name AS unit_name,
        CAST(-1 AS BIGINT) AS numerator,
        CAST(NULL AS BIGINT) AS denominator,
        CAST(NULL AS VARCHAR) AS lacking,
        '较' || CAST(b.school_year AS VARCHAR) || '年净增' AS basis,
        p.maturity AS maturity,
        p.source_file AS source_file,
        p.source_sheet AS source_sheet,
        p.source_row AS source_row
    FROM old AS o
    CROSS JOIN base AS b
    INNER JOIN profile AS p ON p.school_id = o.school_id AND p.school_year = b.school_year
    INNER JOIN year AS y ON y.area_code = o.area_code
)
SELECT
    f.indicator_id AS indicator_id,
    f.variant AS variant,
    f.area_code AS area_code,
    f.segment AS segment,
    f.period_kind AS period_kind,
    f.period AS period,
    f.unit_id AS unit_id,
    f.unit_name AS unit_name,
    f.numerator AS numerator,
    f.denominator AS denominator,
    f.lacking AS lacking,
    f.basis AS basis,
    f.maturity AS maturity,
    f.source_file AS source_file,
    f.source_sheet AS source_sheet,
    f.source_row AS source_row
FROM final AS f
