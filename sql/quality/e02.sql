-- E02 毛入学率、巩固率不超过常规上限。
-- A row is one gross ratio or retention rate above the ceiling for the whole area or for a unit.
WITH edition AS (
    SELECT e.area_code AS area_code
    FROM raw.edition AS e
),
ratios AS (
    SELECT 'indicator.preschool_ger' AS table_name,
        i.indicator_id AS indicator_id, i.variant AS variant,
        i.area_code AS area_code, i.period AS period,
        i.value_num AS value_num, i.value_den AS value_den
    FROM indicator.preschool_ger AS i
    UNION ALL
    SELECT 'indicator.senior_secondary_ger' AS table_name,
        i.indicator_id AS indicator_id, i.variant AS variant,
        i.area_code AS area_code, i.period AS period,
        i.value_num AS value_num, i.value_den AS value_den
    FROM indicator.senior_secondary_ger AS i
    UNION ALL
    SELECT 'indicator.compulsory_retention' AS table_name,
        i.indicator_id AS indicator_id, i.variant AS variant,
        i.area_code AS area_code, i.period AS period,
        i.value_num AS value_num, i.value_den AS value_den
    FROM indicator.compulsory_retention AS i
)
SELECT
    r.table_name AS table_name,
    '' AS source_file,
    '' AS source_sheet,
    CAST(NULL AS INTEGER) AS source_row,
    'value_num' AS column_name,
    CAST(NULL AS VARCHAR) AS value,
    r.area_code AS area_code,
    CAST(r.period AS VARCHAR) AS period,
    '' AS expected,
    r.indicator_id || ' ' || r.variant AS detail,
    r.value_num AS numerator,
    r.value_den * 100 AS denominator
FROM ratios AS r
CROSS JOIN edition AS e
WHERE (
        r.area_code = e.area_code
        AND r.value_num * 1000000 > r.value_den * CAST($total_high_percent_micro AS BIGINT)
    )
    OR (
        r.area_code <> e.area_code
        AND r.value_num * 1000000 > r.value_den * CAST($area_high_percent_micro AS BIGINT)
    )
