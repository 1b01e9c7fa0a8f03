-- B08 幼儿园平均班额不超过 36 人(大班 35 人)。
-- A row is one kindergarten and class level with more children than its classes may hold. 班级: 0托班 1小班 2中班
-- 3大班 4混合班 5附设班, as the form numbers them.
WITH children AS (
    SELECT
        k.school_id AS school_id,
        k.school_year AS school_year,
        CASE k.class_level
            WHEN '托班' THEN 0 WHEN '小班' THEN 1 WHEN '中班' THEN 2 WHEN '大班' THEN 3 WHEN '混合班' THEN 4 ELSE 5
        END AS grade,
        CAST(SUM(k.children) AS BIGINT) AS children
    FROM staging.kindergarten_children AS k
    WHERE NOT k.is_total
    GROUP BY k.school_id, k.school_year, CASE k.class_level
            WHEN '托班' THEN 0 WHEN '小班' THEN 1 WHEN '中班' THEN 2 WHEN '大班' THEN 3 WHEN '混合班' THEN 4 ELSE 5
        END
)
SELECT
    'staging.classes' AS table_name,
    c.source_file AS source_file,
    c.source_sheet AS source_sheet,
    c.source_row AS source_row,
    'classes' AS column_name,
    CAST(c.classes AS VARCHAR) AS value,
    c.area_code AS area_code,
    CAST(c.school_year AS VARCHAR) AS period,
    CAST(k.children AS VARCHAR) AS expected,
    c.school_id || ' ' || CAST(c.grade AS VARCHAR) AS detail
FROM staging.classes AS c
INNER JOIN children AS k ON k.school_id = c.school_id AND k.school_year = c.school_year AND k.grade = c.grade
WHERE c.stage = '学前' AND k.children * 1000000 > c.classes * CASE c.grade
        WHEN 3 THEN CAST($senior_class_size_micro AS BIGINT) ELSE CAST($class_size_micro AS BIGINT)
    END
