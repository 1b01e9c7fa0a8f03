-- 学生变动:一行一个单位和学年,由上一学年在校生到本学年在校生的账。
-- A row is one unit in one school year that has a year before: the account from the pupils enrolled then to those enrolled
-- now, on 1 September.
--   enrolled_before + entered + moved_in + transferred_in + returned + in_without_record
--     = enrolled + moved_out + transferred_out + dropped_out + died + graduated + out_without_record
-- moved: between units of the area; transferred: across its border; held_back: of those enrolled, in the grade of the year
-- before. Without record: enrolled now though nothing says how they came, gone before the end of grade 9 though nothing says how.
WITH flow AS (
    SELECT
        f.school_year AS school_year,
        f.area_code AS area_code,
        f.grade AS grade,
        f.status AS status,
        f.status IN ('entered', 'enrolled', 'transferred_in', 'returned') AS enrolled,
        f.area_before AS area_before,
        f.grade_before AS grade_before,
        f.pupils AS pupils
    FROM core.pupil_flow AS f
),
first_year AS (
    SELECT
        MIN(f.school_year) AS school_year
    FROM core.pupil_flow AS f
),
entry AS (
    SELECT
        f.school_year AS school_year,
        f.area_code AS area_code,
        CASE
            WHEN f.area_before = f.area_code AND f.grade_before = f.grade THEN 'stayed_held_back'
            WHEN f.area_before = f.area_code THEN 'stayed'
            WHEN f.area_before IS NOT NULL AND f.grade_before = f.grade THEN 'moved_held_back'
            WHEN f.area_before IS NOT NULL THEN 'moved'
            WHEN f.status = 'enrolled' THEN 'without_record'
            ELSE f.status
        END AS kind,
        f.pupils AS pupils
    FROM flow AS f
    WHERE f.enrolled
    UNION ALL
    SELECT
        f.school_year AS school_year,
        f.area_before AS area_code,
        f.status AS kind,
        f.pupils AS pupils
    FROM flow AS f
    WHERE NOT f.enrolled AND f.area_before IS NOT NULL
    UNION ALL
    SELECT
        f.school_year AS school_year,
        f.area_before AS area_code,
        'moved_out' AS kind,
        f.pupils AS pupils
    FROM flow AS f
    WHERE f.enrolled AND f.area_before <> f.area_code
    UNION ALL
    SELECT
        f.school_year + 1 AS school_year,
        f.area_code AS area_code,
        CASE WHEN f.grade = 9 THEN 'before_grade9' ELSE 'before_lower' END AS kind,
        f.pupils AS pupils
    FROM flow AS f
    WHERE f.enrolled
    UNION ALL
    SELECT
        f.school_year AS school_year,
        f.area_before AS area_code,
        CASE WHEN f.grade_before = 9 THEN 'found_grade9' ELSE 'found_lower' END AS kind,
        f.pupils AS pupils
    FROM flow AS f
    WHERE f.area_before IS NOT NULL
),
counted AS (
    SELECT
        e.area_code AS area_code,
        e.school_year AS school_year,
        COALESCE(SUM(e.pupils) FILTER (WHERE e.kind IN ('before_grade9', 'before_lower')), 0) AS enrolled_before,
        COALESCE(SUM(e.pupils) FILTER (WHERE e.kind = 'entered'), 0) AS entered,
        COALESCE(SUM(e.pupils) FILTER (WHERE e.kind IN ('moved', 'moved_held_back')), 0) AS moved_in,
        COALESCE(SUM(e.pupils) FILTER (WHERE e.kind = 'transferred_in'), 0) AS transferred_in,
        COALESCE(SUM(e.pupils) FILTER (WHERE e.kind = 'returned'), 0) AS returned,
        COALESCE(SUM(e.pupils) FILTER (WHERE e.kind = 'without_record'), 0) AS in_without_record,
        COALESCE(SUM(e.pupils) FILTER (WHERE e.kind = 'moved_out'), 0) AS moved_out,
        COALESCE(SUM(e.pupils) FILTER (WHERE e.kind = 'transferred_out'), 0) AS transferred_out,
        COALESCE(SUM(e.pupils) FILTER (WHERE e.kind = 'dropped_out'), 0) AS dropped_out,
        COALESCE(SUM(e.pupils) FILTER (WHERE e.kind = 'died'), 0) AS died,
        COALESCE(SUM(e.pupils) FILTER (WHERE e.kind = 'before_grade9'), 0)
            - COALESCE(SUM(e.pupils) FILTER (WHERE e.kind = 'found_grade9'), 0) AS graduated,
        COALESCE(SUM(e.pupils) FILTER (WHERE e.kind = 'before_lower'), 0)
            - COALESCE(SUM(e.pupils) FILTER (WHERE e.kind = 'found_lower'), 0) AS out_without_record,
        COALESCE(SUM(e.pupils) FILTER (WHERE e.kind IN ('stayed_held_back', 'moved_held_back')), 0) AS held_back,
        COALESCE(
            SUM(e.pupils) FILTER (
                WHERE e.kind IN (
                    'stayed', 'stayed_held_back', 'moved', 'moved_held_back', 'entered', 'transferred_in', 'returned',
                    'without_record'
                )
            ),
            0
        ) AS enrolled
    FROM entry AS e
    GROUP BY e.area_code, e.school_year
),
edition AS (
    SELECT
        e.year AS year
    FROM raw.edition AS e
)
SELECT
    c.area_code AS area_code,
    c.school_year AS school_year,
    CAST(c.enrolled_before AS BIGINT) AS enrolled_before,
    CAST(c.entered AS BIGINT) AS entered,
    CAST(c.moved_in AS BIGINT) AS moved_in,
    CAST(c.transferred_in AS BIGINT) AS transferred_in,
    CAST(c.returned AS BIGINT) AS returned,
    CAST(c.in_without_record AS BIGINT) AS in_without_record,
    CAST(c.moved_out AS BIGINT) AS moved_out,
    CAST(c.transferred_out AS BIGINT) AS transferred_out,
    CAST(c.dropped_out AS BIGINT) AS dropped_out,
    CAST(c.died AS BIGINT) AS died,
    CAST(c.graduated AS BIGINT) AS graduated,
    CAST(c.out_without_record AS BIGINT) AS out_without_record,
    CAST(c.enrolled AS BIGINT) AS enrolled,
    CAST(c.held_back AS BIGINT) AS held_back
FROM counted AS c
CROSS JOIN first_year AS y
CROSS JOIN edition AS e
WHERE c.school_year > y.school_year AND c.school_year <= e.year
