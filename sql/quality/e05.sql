-- E05 全域比率 = 分子之和 ÷ 分母之和。
-- A row is one numerator or denominator of the whole area that is not the sum over its units.
-- Compared wherever computed values by unit exist.
WITH edition AS (
    SELECT e.area_code AS area_code
    FROM raw.edition AS e
),
ratios AS (
    SELECT 'indicator.preschool_ger' AS table_name,
        i.indicator_id AS indicator_id, i.variant AS variant, i.segment AS segment,
        i.area_code AS area_code, i.period AS period, i.numerator AS numerator, i.denominator AS denominator
    FROM indicator.preschool_ger AS i
    WHERE i.value_source = 'computed'
    UNION ALL
    SELECT 'indicator.inclusive_coverage' AS table_name,
        i.indicator_id AS indicator_id, i.variant AS variant, i.segment AS segment,
        i.area_code AS area_code, i.period AS period, i.numerator AS numerator, i.denominator AS denominator
    FROM indicator.inclusive_coverage AS i
    WHERE i.value_source = 'computed'
    UNION ALL
    SELECT 'indicator.senior_secondary_ger' AS table_name,
        i.indicator_id AS indicator_id, i.variant AS variant, i.segment AS segment,
        i.area_code AS area_code, i.period AS period, i.numerator AS numerator, i.denominator AS denominator
    FROM indicator.senior_secondary_ger AS i
    WHERE i.value_source = 'computed'
),
added AS (
    SELECT
        r.table_name AS table_name,
        r.indicator_id AS indicator_id,
        r.variant AS variant,
        r.segment AS segment,
        r.period AS period,
        SUM(r.numerator) AS numerator,
        SUM(r.denominator) AS denominator
    FROM ratios AS r
    CROSS JOIN edition AS e
    WHERE r.area_code <> e.area_code
    GROUP BY r.table_name, r.indicator_id, r.variant, r.segment, r.period
),
totals AS (
    SELECT
        r.table_name AS table_name,
        r.variant AS variant,
        r.segment AS segment,
        r.area_code AS area_code,
        r.period AS period,
        r.numerator AS numerator,
        r.denominator AS denominator
    FROM ratios AS r
    INNER JOIN edition AS e ON e.area_code = r.area_code
),
compared AS (
    SELECT a.table_name AS table_name, a.indicator_id AS indicator_id, a.variant AS variant,
        a.period AS period, t.area_code AS area_code,
        'numerator' AS column_name, t.numerator AS stated, a.numerator AS added
    FROM added AS a
    LEFT JOIN totals AS t
        ON t.table_name = a.table_name AND t.variant = a.variant AND t.segment = a.segment
        AND t.period = a.period
    UNION ALL
    SELECT a.table_name AS table_name, a.indicator_id AS indicator_id, a.variant AS variant,
        a.period AS period, t.area_code AS area_code,
        'denominator' AS column_name, t.denominator AS stated, a.denominator AS added
    FROM added AS a
    LEFT JOIN totals AS t
        ON t.table_name = a.table_name AND t.variant = a.variant AND t.segment = a.segment
        AND t.period = a.period
)
SELECT
    c.table_name AS table_name,
    '' AS source_file,
    '' AS source_sheet,
    CAST(NULL AS INTEGER) AS source_row,
    c.column_name AS column_name,
    CAST(CAST(c.stated AS BIGINT) AS VARCHAR) AS value,
    COALESCE(c.area_code, e.area_code) AS area_code,
    CAST(c.period AS VARCHAR) AS period,
    CAST(CAST(c.added AS BIGINT) AS VARCHAR) AS expected,
    c.indicator_id || ' ' || c.variant || ' ' || c.column_name AS detail
FROM compared AS c
CROSS JOIN edition AS e
WHERE c.stated IS DISTINCT FROM c.added
