-- 数据成熟度:一行一学年;当年任何一份学校报表为初步数,则全年为初步数。
-- A row is one school year: preliminary as soon as any school or population return of the year is.
-- 'preliminary' sorts after 'final', so the largest text is the less mature one.
WITH school_years AS (
    SELECT
        k.school_year AS school_year,
        k.maturity AS maturity,
        1 AS school_row
    FROM staging.kindergarten_children AS k
    UNION ALL
    SELECT
        e.school_year AS school_year,
        e.maturity AS maturity,
        CASE WHEN e.school_id IS NULL THEN 0 ELSE 1 END AS school_row
    FROM staging.enrolment_by_grade AS e
    UNION ALL
    SELECT
        s.school_year AS school_year,
        s.maturity AS maturity,
        0 AS school_row
    FROM staging.school_register AS s
    UNION ALL
    SELECT
        i.period AS school_year,
        i.maturity AS maturity,
        0 AS school_row
    FROM staging.inclusive_kindergarten_register AS i
    UNION ALL
    SELECT
        m.school_year AS school_year,
        m.maturity AS maturity,
        0 AS school_row
    FROM staging.pupil_movement AS m
    UNION ALL
    SELECT
        t.school_year AS school_year,
        t.maturity AS maturity,
        0 AS school_row
    FROM staging.technical_school_enrolment AS t
    UNION ALL
    SELECT
        g.school_year AS school_year,
        g.maturity AS maturity,
        0 AS school_row
    FROM staging.entrants_graduates AS g
    UNION ALL
    SELECT
        CAST(EXTRACT(YEAR FROM p.ref_date) AS BIGINT) AS school_year,
        p.maturity AS maturity,
        0 AS school_row
    FROM staging.population_by_age AS p
)
SELECT
    y.school_year AS school_year,
    MAX(y.maturity) AS maturity,
    MAX(y.school_row) = 1 AS has_schools
FROM school_years AS y
GROUP BY y.school_year
