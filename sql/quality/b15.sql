-- B15 各班额班数之和等于班数,在校生数与班额相符。
-- A row is one school, stage and grade whose classes by size do not add up, or (variant size) whose pupils
-- cannot sit in classes of these sizes: fewer than the smallest or more than the largest would hold.
-- Pupils are compared in compulsory education, where the stage of a class is the programme of its pupils.
-- A class of at most 35 has at least one pupil; for 56 and above there is no upper limit.
WITH sized AS (
    SELECT
        c.school_id AS school_id,
        c.school_year AS school_year,
        c.stage AS stage,
        c.grade AS grade,
        c.area_code AS area_code,
        c.source_file AS source_file,
        c.source_sheet AS source_sheet,
        c.source_row AS source_row,
        c.classes AS classes,
        c.size_band_le35 + c.size_band_36_45 + c.size_band_46_55 + c.size_band_ge56 AS parts,
        c.size_band_le35 + 36 * c.size_band_36_45 + 46 * c.size_band_46_55 + 56 * c.size_band_ge56 AS least,
        CASE
            WHEN c.size_band_ge56 = 0
                THEN 35 * c.size_band_le35 + 45 * c.size_band_36_45 + 55 * c.size_band_46_55
        END AS most
    FROM staging.classes AS c
),
pupils AS (
    SELECT
        e.school_id AS school_id,
        e.school_year AS school_year,
        e.programme AS stage,
        e.grade AS grade,
        CAST(SUM(e.pupils) AS BIGINT) AS pupils
    FROM staging.enrolment_by_grade AS e
    WHERE NOT e.is_total AND e.school_id IS NOT NULL AND e.programme IN ('小学', '初中')
    GROUP BY e.school_id, e.school_year, e.programme, e.grade
),
compared AS (
    SELECT
        s.school_id AS school_id,
        s.school_year AS school_year,
        s.stage AS stage,
        s.grade AS grade,
        s.area_code AS area_code,
        s.source_file AS source_file,
        s.source_sheet AS source_sheet,
        s.source_row AS source_row,
        s.classes AS classes,
        s.parts AS parts,
        s.least AS least,
        s.most AS most,
        p.pupils AS pupils
    FROM sized AS s
    LEFT JOIN pupils AS p
        ON p.school_id = s.school_id AND p.school_year = s.school_year AND p.stage = s.stage
        AND p.grade = s.grade
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
    CAST(c.parts AS VARCHAR) AS expected,
    c.school_id || ' ' || c.stage || ' ' || CAST(c.grade AS VARCHAR) AS detail,
    '' AS variant
FROM compared AS c
WHERE c.parts <> c.classes
UNION ALL
SELECT
    'staging.classes' AS table_name,
    c.source_file AS source_file,
    c.source_sheet AS source_sheet,
    c.source_row AS source_row,
    'classes' AS column_name,
    CAST(c.pupils AS VARCHAR) AS value,
    c.area_code AS area_code,
    CAST(c.school_year AS VARCHAR) AS period,
    CAST(c.least AS VARCHAR) || COALESCE('—' || CAST(c.most AS VARCHAR), '以上') AS expected,
    c.school_id || ' ' || c.stage || ' ' || CAST(c.grade AS VARCHAR) AS detail,
    'size' AS variant
FROM compared AS c
WHERE c.parts = c.classes AND (c.pupils < c.least OR c.pupils > c.most)
