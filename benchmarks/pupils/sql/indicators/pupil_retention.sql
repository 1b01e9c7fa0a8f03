-- 九年义务教育巩固率,由学生逐人算出,与报表口径并列。
-- true_cohort: 八年前入学的一年级新生中,今年在九年级的 ÷ 这些新生。
-- grade9_over_grade1 (公报口径): 九年级在校生(Y) ÷ 一年级在校生(Y-8), added up from the same rows.
-- A row is one unit (true_cohort: of entry) or the whole area in one school year; numerator and denominator are pupils. The whole
-- area is the sum of its units. Never capped at 100: the second counts who came from elsewhere.
WITH edition AS (
    SELECT
        e.area_code AS area_code,
        e.year AS year
    FROM raw.edition AS e
),
stock AS (
    SELECT
        l.area_code AS area_code,
        l.school_year AS school_year,
        l.grade9_pupils AS grade9_pupils,
        0 AS grade1_pupils
    FROM core.entry_cohort AS l
    UNION ALL
    SELECT
        f.area_code AS area_code,
        f.school_year + 8 AS school_year,
        0 AS grade9_pupils,
        f.grade1_pupils AS grade1_pupils
    FROM core.entry_cohort AS f
),
by_unit AS (
    SELECT
        'true_cohort' AS variant,
        o.area_code AS area_code,
        o.school_year + 8 AS school_year,
        o.in_grade9 AS numerator,
        o.entrants AS denominator
    FROM core.cohort_outcome AS o
    UNION ALL
    SELECT
        'grade9_over_grade1' AS variant,
        s.area_code AS area_code,
        s.school_year AS school_year,
        SUM(s.grade9_pupils) AS numerator,
        SUM(s.grade1_pupils) AS denominator
    FROM stock AS s
    GROUP BY s.area_code, s.school_year
),
final AS (
    SELECT
        u.variant AS variant,
        u.area_code AS area_code,
        u.school_year AS school_year,
        CAST(u.numerator AS BIGINT) AS numerator,
        CAST(u.denominator AS BIGINT) AS denominator
    FROM by_unit AS u
    UNION ALL
    SELECT
        u.variant AS variant,
        e.area_code AS area_code,
        u.school_year AS school_year,
        CAST(SUM(u.numerator) AS BIGINT) AS numerator,
        CAST(SUM(u.denominator) AS BIGINT) AS denominator
    FROM by_unit AS u
    CROSS JOIN edition AS e
    GROUP BY u.variant, e.area_code, u.school_year
)
SELECT
    f.variant AS variant,
    f.area_code AS area_code,
    f.school_year AS school_year,
    f.numerator AS numerator,
    f.denominator AS denominator
FROM final AS f
CROSS JOIN edition AS e
WHERE f.denominator > 0 AND f.school_year <= e.year
