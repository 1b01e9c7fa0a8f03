-- B24 生均占地、校舍、图书、仪器设备值在合理范围内,且不为 0。
-- A row is one school with pupils and one measure per pupil outside its band, or none at all (no floor space at all is told by A14).
WITH pupils AS (
    SELECT e.school_id AS school_id, e.school_year AS school_year,
        CASE WHEN e.programme IN ('小学', '初中', '普通高中') THEN e.programme ELSE '中职' END AS stage,
        e.pupils AS pupils
    FROM staging.enrolment_by_grade AS e
    WHERE e.school_id IS NOT NULL AND NOT e.is_total AND e.programme <> '成人高中'
    UNION ALL
    SELECT k.school_id AS school_id, k.school_year AS school_year, '学前' AS stage, k.children AS pupils
    FROM staging.kindergarten_children AS k
    WHERE NOT k.is_total
),
by_school AS (
    SELECT p.school_id AS school_id, p.school_year AS school_year, CAST(SUM(p.pupils) AS BIGINT) AS pupils
    FROM pupils AS p
    GROUP BY p.school_id, p.school_year
),
measured AS (
    SELECT f.school_id AS school_id, f.school_year AS school_year, 'land' AS variant, CAST(f.land_m2 * 100 AS BIGINT) AS hundredths,
        CAST($land_low_micro AS BIGINT) AS low, CAST($land_high_micro AS BIGINT) AS high
    FROM staging.facilities AS f
    UNION ALL
    SELECT f.school_id AS school_id, f.school_year AS school_year, 'floor' AS variant, CAST(f.floor_m2 * 100 AS BIGINT) AS hundredths,
        CAST($floor_low_micro AS BIGINT) AS low, CAST($floor_high_micro AS BIGINT) AS high
    FROM staging.facilities AS f
    UNION ALL
    SELECT f.school_id AS school_id, f.school_year AS school_year, 'books' AS variant, f.books * 100 AS hundredths,
        CAST($books_low_micro AS BIGINT) AS low, CAST($books_high_micro AS BIGINT) AS high
    FROM staging.facilities AS f
    UNION ALL
    SELECT f.school_id AS school_id, f.school_year AS school_year, 'equipment' AS variant,
        CAST(f.equipment_yuan * 100 AS BIGINT) AS hundredths,
        CAST($equipment_low_micro AS BIGINT) AS low, CAST($equipment_high_micro AS BIGINT) AS high
    FROM staging.facilities AS f
)
SELECT
    'staging.facilities' AS table_name,
    f.source_file AS source_file,
    f.source_sheet AS source_sheet,
    f.source_row AS source_row,
    CASE m.variant WHEN 'land' THEN 'land_m2' WHEN 'floor' THEN 'floor_m2' WHEN 'books' THEN 'books' ELSE 'equipment_yuan' END AS column_name,
    CASE m.variant WHEN 'land' THEN CAST(f.land_m2 AS VARCHAR) WHEN 'floor' THEN CAST(f.floor_m2 AS VARCHAR) WHEN 'books' THEN CAST(f.books AS VARCHAR) ELSE CAST(f.equipment_yuan AS VARCHAR) END AS value,
    f.area_code AS area_code,
    CAST(f.school_year AS VARCHAR) AS period,
    CAST(p.pupils AS VARCHAR) AS expected,
    f.school_id AS detail,
    m.variant AS variant
FROM staging.facilities AS f
INNER JOIN by_school AS p ON p.school_id = f.school_id AND p.school_year = f.school_year AND p.pupils > 0
INNER JOIN measured AS m ON m.school_id = f.school_id AND m.school_year = f.school_year
WHERE (m.hundredths > 0 OR m.variant <> 'floor')
    AND (m.hundredths * 10000 < p.pupils * m.low OR m.hundredths * 10000 > p.pupils * m.high)
