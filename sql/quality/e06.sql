-- E06 分母不足 500 人的比率慎用;不足 100 人的不排名、不公布比率。
-- A row is one computed ratio of the edition's year whose denominator is small (variant small) or tiny (variant tiny).
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
    UNION ALL
    SELECT 'indicator.inclusive_coverage' AS table_name, i.indicator_id AS indicator_id, i.variant AS variant,
        i.area_code AS area_code, i.segment AS segment, i.period AS period, i.numerator AS numerator,
        i.denominator AS denominator, i.value_num AS value_num, i.value_den AS value_den,
        i.value_source AS value_source
    FROM indicator.inclusive_coverage AS i
)
SELECT
    r.table_name AS table_name,
    '' AS source_file,
    '' AS source_sheet,
    CAST(NULL AS INTEGER) AS source_row,
    'denominator' AS column_name,
    CAST(r.denominator AS VARCHAR) AS value,
    r.area_code AS area_code,
    CAST(r.period AS VARCHAR) AS period,
    '' AS expected,
    r.indicator_id || ' ' || r.variant AS detail,
    CASE WHEN r.denominator * 1000000 < CAST($tiny_micro AS BIGINT) THEN 'tiny' ELSE 'small' END AS variant
FROM ratios AS r
INNER JOIN raw.edition AS e ON e.year = r.period
WHERE r.value_source = 'computed' AND r.variant <> 'by_kindergartens'
    AND r.denominator * 1000000 < CAST($small_micro AS BIGINT)
