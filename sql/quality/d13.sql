-- D13 认定到期或取消后不再计入普惠。
-- A row is one recognition that an earlier year's list gives as ended by 1 September (it had run out or was
-- withdrawn), and that this year's list still counts under the same decision, of a kindergarten with children.
-- A school that calls itself inclusive without any recognition is told by C04.
WITH listed AS (
    SELECT
        i.school_id AS school_id,
        i.decision_no AS decision_no,
        CAST(i.period AS BIGINT) AS year,
        i.area_code AS area_code,
        i.recognised_from AS recognised_from,
        CASE WHEN i.withdrawn_on IS NOT NULL AND i.withdrawn_on <= i.recognised_to THEN i.withdrawn_on
            ELSE i.recognised_to END AS ends_on,
        CASE WHEN i.withdrawn_on IS NOT NULL AND i.withdrawn_on <= i.recognised_to THEN 1 ELSE 0 END AS withdrawn,
        CAST(CAST(i.period AS VARCHAR) || '-09-01' AS DATE) AS counted_on,
        i.source_file AS source_file,
        i.source_sheet AS source_sheet,
        i.source_row AS source_row
    FROM staging.inclusive_kindergarten_register AS i
),
counted AS (
    SELECT
        l.school_id AS school_id, l.decision_no AS decision_no, l.year AS year, l.area_code AS area_code,
        l.ends_on AS ends_on, l.counted_on AS counted_on, l.source_file AS source_file,
        l.source_sheet AS source_sheet, l.source_row AS source_row
    FROM listed AS l
    WHERE l.recognised_from <= l.counted_on AND l.ends_on >= l.counted_on
        AND (l.withdrawn = 0 OR l.ends_on > l.counted_on)
),
children AS (
    SELECT k.school_id AS school_id, k.school_year AS school_year, CAST(SUM(k.children) AS BIGINT) AS children
    FROM staging.kindergarten_children AS k
    WHERE NOT k.is_total
    GROUP BY k.school_id, k.school_year
)
SELECT
    'staging.inclusive_kindergarten_register' AS table_name,
    n.source_file AS source_file,
    n.source_sheet AS source_sheet,
    n.source_row AS source_row,
    'recognised_to' AS column_name,
    CAST(n.ends_on AS VARCHAR) AS value,
    n.area_code AS area_code,
    CAST(n.year AS VARCHAR) AS period,
    CAST(b.ends_on AS VARCHAR) AS expected,
    n.school_id AS detail
FROM counted AS n
INNER JOIN listed AS b
    ON b.school_id = n.school_id AND b.decision_no = n.decision_no AND b.year = n.year - 1
INNER JOIN children AS k ON k.school_id = n.school_id AND k.school_year = n.year AND k.children > 0
WHERE b.ends_on < n.counted_on OR (b.withdrawn = 1 AND b.ends_on = n.counted_on)
