-- C20 计算值与核定值相差不超过 0.05 个百分点(比率)或 0.5%(金额)。
-- A row is one value that the plan judges, computed here, and a certified value of the same unit, segment and year
-- too far from it; the certified value is expected, in its own unit to six decimals at most.
WITH results AS (
    SELECT 'indicator.preschool_ger' AS table_name, i.indicator_id AS indicator_id, i.variant AS variant,
        i.area_code AS area_code, i.segment AS segment, i.period_kind AS period_kind, i.period AS period,
        i.value_num AS value_num, i.value_den AS value_den, i.value_source AS value_source, 'percent' AS unit
    FROM indicator.preschool_ger AS i
    UNION ALL
    SELECT 'indicator.senior_secondary_ger' AS table_name, i.indicator_id AS indicator_id, i.variant AS variant,
        i.area_code AS area_code, i.segment AS segment, i.period_kind AS period_kind, i.period AS period,
        i.value_num AS value_num, i.value_den AS value_den, i.value_source AS value_source, 'percent' AS unit
    FROM indicator.senior_secondary_ger AS i
    UNION ALL
    SELECT 'indicator.compulsory_retention' AS table_name, i.indicator_id AS indicator_id, i.variant AS variant,
        i.area_code AS area_code, i.segment AS segment, i.period_kind AS period_kind, i.period AS period,
        i.value_num AS value_num, i.value_den AS value_den, i.value_source AS value_source, 'percent' AS unit
    FROM indicator.compulsory_retention AS i
    UNION ALL
    SELECT 'indicator.inclusive_coverage' AS table_name, i.indicator_id AS indicator_id, i.variant AS variant,
        i.area_code AS area_code, i.segment AS segment, i.period_kind AS period_kind, i.period AS period,
        i.value_num AS value_num, i.value_den AS value_den, i.value_source AS value_source, 'percent' AS unit
    FROM indicator.inclusive_coverage AS i
    UNION ALL
    SELECT 'indicator.per_pupil_spending' AS table_name, i.indicator_id AS indicator_id, i.variant AS variant,
        i.area_code AS area_code, i.segment AS segment, i.period_kind AS period_kind, i.period AS period,
        i.value_num AS value_num, i.value_den AS value_den, i.value_source AS value_source, 'yuan' AS unit
    FROM indicator.per_pupil_spending AS i
),
judged AS (
    SELECT c.indicator_id AS indicator_id, c.variant AS variant
    FROM raw.commitment AS c
    GROUP BY c.indicator_id, c.variant
),
certified AS (
    SELECT
        r.indicator_id AS indicator_id,
        r.area_code AS area_code,
        r.segment AS segment,
        r.period_kind AS period_kind,
        r.period AS period,
        r.value_num AS value_num,
        r.value_den AS value_den,
        CAST(r.value_num * 1000000 // r.value_den AS BIGINT) AS micro
    FROM results AS r
    WHERE r.value_source = 'certified' AND r.value_num IS NOT NULL AND r.value_den > 0
),
apart AS (
    SELECT
        r.table_name AS table_name,
        r.indicator_id AS indicator_id,
        r.variant AS variant,
        r.area_code AS area_code,
        r.segment AS segment,
        r.period AS period,
        r.unit AS unit,
        r.value_num AS value_num,
        r.value_den AS value_den,
        c.micro AS micro,
        ABS(r.value_num * c.value_den - c.value_num * r.value_den) AS difference,
        r.value_den * c.value_den AS den,
        c.value_num * r.value_den AS base
    FROM results AS r
    INNER JOIN judged AS j ON j.indicator_id = r.indicator_id AND j.variant = r.variant
    INNER JOIN certified AS c
        ON c.indicator_id = r.indicator_id AND c.area_code = r.area_code AND c.segment = r.segment
        AND c.period_kind = r.period_kind AND c.period = r.period
    WHERE r.value_source = 'computed' AND r.value_num IS NOT NULL AND r.value_den > 0
)
SELECT
    a.table_name AS table_name,
    '' AS source_file,
    '' AS source_sheet,
    CAST(NULL AS INTEGER) AS source_row,
    'value_num' AS column_name,
    CAST(NULL AS VARCHAR) AS value,
    a.area_code AS area_code,
    CAST(a.period AS VARCHAR) AS period,
    CAST(a.micro // 1000000 AS VARCHAR) || '.'
        || CASE WHEN a.micro % 10000 = 0 THEN LPAD(CAST(a.micro % 1000000 // 10000 AS VARCHAR), 2, '0')
            ELSE LPAD(CAST(a.micro % 1000000 AS VARCHAR), 6, '0') END
        || CASE WHEN a.unit = 'percent' THEN '%' ELSE ' 元' END AS expected,
    a.indicator_id || ' ' || a.variant || CASE WHEN a.segment = 'all' THEN '' ELSE ' ' || a.segment END AS detail,
    a.value_num AS numerator,
    CASE WHEN a.unit = 'percent' THEN a.value_den * 100 ELSE a.value_den END AS denominator,
    a.unit AS unit
FROM apart AS a
WHERE (a.unit = 'percent'
        AND a.difference * 1000000 > a.den * CAST($points_micro AS BIGINT))
    OR (a.unit = 'yuan'
        AND a.difference * 100000000 > a.base * CAST($amount_percent_micro AS BIGINT))
