-- E03 毛入学率、巩固率较上年变动:全域不超过 1.5 个百分点,县(区)不超过 5 个百分点。
-- A row is one value of the edition's year that moved further since the year before, by the same variant and segment.
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
edition AS (
    SELECT e.area_code AS area_code, e.year AS year
    FROM raw.edition AS e
),
moved AS (
    SELECT n.table_name AS table_name, n.indicator_id AS indicator_id, n.variant AS variant, n.area_code AS area_code,
        n.segment AS segment, n.period AS period, n.value_num AS value_num, n.value_den AS value_den,
        b.value_num AS before_num, b.value_den AS before_den,
        CASE WHEN n.area_code = e.area_code THEN CAST($total_points_micro AS BIGINT)
            ELSE CAST($area_points_micro AS BIGINT) END AS points_micro
    FROM ratios AS n
    INNER JOIN edition AS e ON e.year = n.period
    INNER JOIN ratios AS b
        ON b.indicator_id = n.indicator_id AND b.variant = n.variant AND b.area_code = n.area_code
        AND b.segment = n.segment AND b.period = n.period - 1
)
SELECT
    m.table_name AS table_name,
    '' AS source_file,
    '' AS source_sheet,
    CAST(NULL AS INTEGER) AS source_row,
    'value_num' AS column_name,
    CAST(NULL AS VARCHAR) AS value,
    m.area_code AS area_code,
    CAST(m.period AS VARCHAR) AS period,
    '' AS expected,
    m.indicator_id || ' ' || m.variant AS detail,
    m.value_num AS numerator,
    m.value_den * 100 AS denominator
FROM moved AS m
WHERE ABS(m.value_num * m.before_den - m.before_num * m.value_den) * 1000000
    > m.value_den * m.before_den * m.points_micro
