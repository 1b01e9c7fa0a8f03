-- E04 保留两位小数后,与上年完全相同,或恰好等于目标值的,须核实。
-- A row is one value of the edition's year that shows as last year's (variant same), or as the target of its
-- commitment (variant target). Shown values are hundredths of a point, halves up; equal fractions of equal size are
-- told as well, because the figures may have been copied.
WITH ratios AS (
    SELECT 'indicator.preschool_ger' AS table_name, i.indicator_id AS indicator_id, i.variant AS variant,
        i.area_code AS area_code, i.segment AS segment, i.period AS period, i.numerator AS numerator,
        i.denominator AS denominator, i.value_num AS value_num, i.value_den AS value_den,
        i.value_source AS value_source
    FROM indicator.preschool_ger AS i
    UNION ALL
    SELECT 'indicator.senior_secondary_ger' AS table_name, i.indicator_id AS indicator_id, i.variant AS variant,
        i.area_code AS area_code, i.segment AS segment, i.period AS period, i.numerator AS numerator,
        i.denominator AS denominator, i.value_num AS value_num, i.value_den AS value_den,
        i.value_source AS value_source
    FROM indicator.senior_secondary_ger AS i
    UNION ALL
    SELECT 'indicator.compulsory_retention' AS table_name, i.indicator_id AS indicator_id, i.variant AS variant,
        i.area_code AS area_code, i.segment AS segment, i.period AS period, i.numerator AS numerator,
        i.denominator AS denominator, i.value_num AS value_num, i.value_den AS value_den,
        i.value_source AS value_source
    FROM indicator.compulsory_retention AS i
),
shown AS (
    SELECT r.table_name AS table_name, r.indicator_id AS indicator_id, r.variant AS variant, r.area_code AS area_code,
        r.segment AS segment, r.period AS period, r.value_num AS value_num, r.value_den AS value_den,
        (CAST(r.value_num AS BIGINT) * 200 + CAST(r.value_den AS BIGINT)) // (CAST(r.value_den AS BIGINT) * 2) AS hundredths
    FROM ratios AS r
    WHERE r.value_den > 0
)
SELECT
    n.table_name AS table_name,
    '' AS source_file,
    '' AS source_sheet,
    CAST(NULL AS INTEGER) AS source_row,
    'value_num' AS column_name,
    CAST(NULL AS VARCHAR) AS value,
    n.area_code AS area_code,
    CAST(n.period AS VARCHAR) AS period,
    '' AS expected,
    n.indicator_id || ' ' || n.variant AS detail,
    n.value_num AS numerator,
    n.value_den * 100 AS denominator,
    'same' AS variant
FROM shown AS n
INNER JOIN raw.edition AS e ON e.year = n.period
INNER JOIN shown AS b
    ON b.indicator_id = n.indicator_id AND b.variant = n.variant AND b.area_code = n.area_code
    AND b.segment = n.segment AND b.period = n.period - 1
WHERE n.hundredths = b.hundredths AND n.hundredths <> 10000
UNION ALL
SELECT
    n.table_name AS table_name,
    '' AS source_file,
    '' AS source_sheet,
    CAST(NULL AS INTEGER) AS source_row,
    'value_num' AS column_name,
    CAST(NULL AS VARCHAR) AS value,
    n.area_code AS area_code,
    CAST(n.period AS VARCHAR) AS period,
    '' AS expected,
    n.indicator_id || ' ' || n.variant AS detail,
    n.value_num AS numerator,
    n.value_den * 100 AS denominator,
    'target' AS variant
FROM shown AS n
INNER JOIN raw.edition AS e ON e.year = n.period
INNER JOIN raw.commitment AS c
    ON c.indicator_id = n.indicator_id AND n.segment = 'all'
    AND n.variant = CASE WHEN n.area_code = e.area_code THEN c.variant ELSE COALESCE(c.county_variant, c.variant) END
WHERE n.hundredths * 10000 = c.target_micro AND c.target_micro <> 100000000
