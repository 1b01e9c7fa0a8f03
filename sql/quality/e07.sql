-- E07 比率上升而分子减少的(分母减少所致),逐项复核。全域一级。
-- A row is one ratio of the whole area in the edition's year that rose while its numerator fell.
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
)
SELECT
    n.table_name AS table_name,
    '' AS source_file,
    '' AS source_sheet,
    CAST(NULL AS INTEGER) AS source_row,
    'numerator' AS column_name,
    CAST(n.numerator AS VARCHAR) AS value,
    n.area_code AS area_code,
    CAST(n.period AS VARCHAR) AS period,
    CAST(b.numerator AS VARCHAR) AS expected,
    n.indicator_id || ' ' || n.variant AS detail,
    n.value_num AS numerator,
    n.value_den * 100 AS denominator
FROM ratios AS n
INNER JOIN raw.edition AS e ON e.year = n.period AND e.area_code = n.area_code
INNER JOIN ratios AS b
    ON b.indicator_id = n.indicator_id AND b.variant = n.variant AND b.area_code = n.area_code
    AND b.segment = n.segment AND b.period = n.period - 1
WHERE n.numerator < b.numerator AND n.value_num * b.value_den > b.value_num * n.value_den
