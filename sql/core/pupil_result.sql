-- 学生类指标的构成:一行一份报表行,随迁子女就读、集中就读、寄宿。
-- A row is what one row of a pupil return adds to an indicator: migrant children, pupils by place, boarders by wish.
-- Numerator and denominator are what this row adds; an indicator is their sum over rows. lacking names what a unit
-- is short of. A row without numbers is a unit that did not say: it counts nowhere and is listed by name.
-- Boarders beyond the requests of their own class do not make up for unmet requests elsewhere.
-- Small rural school: rural site, fewer than 100 primary pupils (《方案》七); upper grades: 4 to 6. Where a rural school
-- has no enrolment return, nobody can tell whether it is small: it counts nowhere and is listed; so is one that is small
-- and left blank how many of its upper pupils are willing to board, in years in which anybody said it.
WITH profile AS (
    SELECT
        p.school_id AS school_id,
        p.school_year AS school_year,
        p.school_name AS school_name,
        p.area_code AS area_code,
        p.is_public AS is_public,
        p.is_rural AS is_rural,
        p.site_place_type AS site_place_type,
        p.primary_pupils AS primary_pupils,
        p.senior_pupils AS senior_pupils,
        p.maturity AS maturity
    FROM core.school_profile AS p
),
groups AS (
    SELECT
        g.school_id AS school_id,
        g.school_year AS school_year,
        g.stage AS stage,
        g.grade AS grade,
        g.boarders AS boarders,
        g.boarding_requests AS boarding_requests,
        g.willing_to_board AS willing_to_board,
        g.migrant_total AS migrant_total,
        g.maturity AS maturity,
        g.source_file AS source_file,
        g.source_sheet AS source_sheet,
        g.source_row AS source_row
    FROM staging.special_groups AS g
),
senior_groups AS (
    SELECT
        g.school_id AS school_id,
        g.school_year AS school_year
    FROM groups AS g
    WHERE g.stage = '高中'
    GROUP BY g.school_id, g.school_year
),
pupils AS (
    SELECT
        e.school_id AS school_id,
        e.school_year AS school_year,
        e.programme AS programme,
        e.pupils AS pupils,
        e.maturity AS maturity,
        e.source_file AS source_file,
        e.source_sheet AS source_sheet,
        e.source_row AS source_row
    FROM staging.enrolment_by_grade AS e
    WHERE NOT e.is_total AND e.school_id IS NOT NULL
),
upper_pupils AS (
    SELECT
        e.school_id AS school_id,
        e.school_year AS school_year,
        e.grade AS grade,
        SUM(e.pupils) AS pupils
    FROM staging.enrolment_by_grade AS e
    WHERE NOT e.is_total AND e.programme = '小学' AND e.grade BETWEEN 4 AND 6
    GROUP BY e.school_id, e.school_year, e.grade
),
asked_year AS (
    SELECT
        g.school_year AS school_year
    FROM groups AS g
    WHERE g.willing_to_board IS NOT NULL
    GROUP BY g.school_year
),
-- the school is left out, under whatever name another year has it
exempt AS (
    SELECT
        p.school_id AS school_id
    FROM raw.plan_name AS n
    INNER JOIN profile AS p ON p.school_name = n.pattern
    WHERE n.indicator_id = 'senior_high_in_county_seat' AND n.relation = 'except'
    GROUP BY p.school_id
),
final AS (
    SELECT
        'migrant_children_public_share' AS indicator_id,
        'public' AS variant,
        p.area_code AS area_code,
        'all' AS segment,
        'school_year' AS period_kind,
        g.school_year AS period,
        p.school_id AS unit_id,
        p.school_name AS unit_name,
        CAST(CASE WHEN p.is_public THEN g.migrant_total ELSE 0 END AS BIGINT) AS numerator,
        CAST(g.migrant_total AS BIGINT) AS denominator,
        CAST(NULL AS VARCHAR) AS lacking,
        '按就读学校' AS basis,
        CASE WHEN g.maturity = 'final' THEN p.maturity ELSE g.maturity END AS maturity,
        g.source_file AS source_file,
        g.source_sheet AS source_sheet,
        g.source_row AS source_row
    FROM groups AS g
    INNER JOIN profile AS p ON p.school_id = g.school_id AND p.school_year = g.school_year
    WHERE g.stage IN ('小学', '初中')
    UNION ALL
    SELECT
        'junior_boarding_willing' AS indicator_id,
        'requests' AS variant,
        p.area_code AS area_code,
        'all' AS segment,
        'school_year' AS period_kind,
        g.school_year AS period,
        p.school_id AS unit_id,
        p.school_name AS unit_name,
        CAST(CASE WHEN g.boarders < g.boarding_requests THEN g.boarders ELSE g.boarding_requests END AS BIGINT) AS numerator,
        CAST(g.boarding_requests AS BIGINT) AS denominator,
        CASE WHEN g.boarders < g.boarding_requests THEN 'not_boarding' END AS lacking,
        '按申请' AS basis,
        CASE WHEN g.maturity = 'final' THEN p.maturity ELSE g.maturity END AS maturity,
        g.source_file AS source_file,
        g.source_sheet AS source_sheet,
        g.source_row AS source_row
    FROM groups AS g
    INNER JOIN profile AS p ON p.school_id = g.school_id AND p.school_year = g.school_year
    WHERE g.stage = '初中'
    UNION ALL
    SELECT
        'primary_upper_boarding_service' AS indicator_id,
        'requests' AS variant,
        p.area_code AS area_code,
        'all' AS segment,
        'school_year' AS period_kind,
        g.school_year AS period,
        p.school_id AS unit_id,
        p.school_name AS unit_name,
        CAST(CASE WHEN g.boarders < g.boarding_requests THEN g.boarders ELSE g.boarding_requests END AS BIGINT) AS numerator,
        CAST(g.boarding_requests AS BIGINT) AS denominator,
        CASE WHEN g.boarders < g.boarding_requests THEN 'not_boarding' END AS lacking,
        '按申请(四至六年级)' AS basis,
        CASE WHEN g.maturity = 'final' THEN p.maturity ELSE g.maturity END AS maturity,
        g.source_file AS source_file,
        g.source_sheet AS source_sheet,
        g.source_row AS source_row
    FROM groups AS g
    INNER JOIN profile AS p ON p.school_id = g.school_id AND p.school_year = g.school_year
    WHERE g.stage = '小学' AND g.grade BETWEEN 4 AND 6
    UNION ALL
    SELECT
        'small_rural_upper_grades_boarding' AS indicator_id,
        'willing' AS variant,
        p.area_code AS area_code,
        'all' AS segment,
        'school_year' AS period_kind,
        g.school_year AS period,
        p.school_id AS unit_id,
        p.school_name AS unit_name,
        CAST(CASE
            WHEN p.is_rural AND p.primary_pupils IS NULL THEN NULL
            WHEN p.is_rural AND p.primary_pupils < 100 AND g.boarders < g.willing_to_board THEN g.boarders
            ELSE g.willing_to_board
        END AS BIGINT) AS numerator,
        CAST(CASE WHEN p.is_rural AND p.primary_pupils IS NULL THEN NULL ELSE g.willing_to_board END AS BIGINT) AS denominator,
        CASE
            WHEN p.is_rural AND p.primary_pupils IS NULL THEN 'pupils_not_reported'
            WHEN g.willing_to_board IS NULL THEN 'not_reported'
            WHEN p.is_rural AND p.primary_pupils < 100 AND g.boarders < g.willing_to_board THEN 'left_in_small_school'
        END AS lacking,
        '按意愿(四至六年级)' AS basis,
        CASE WHEN g.maturity = 'final' THEN p.maturity ELSE g.maturity END AS maturity,
        g.source_file AS source_file,
        g.source_sheet AS source_sheet,
        g.source_row AS source_row
    FROM groups AS g
    INNER JOIN profile AS p ON p.school_id = g.school_id AND p.school_year = g.school_year
    INNER JOIN asked_year AS y ON y.school_year = g.school_year
    LEFT JOIN upper_pupils AS u ON u.school_id = g.school_id AND u.school_year = g.school_year AND u.grade = g.grade
    WHERE g.stage = '小学' AND g.grade BETWEEN 4 AND 6
        AND (g.willing_to_board IS NOT NULL OR (p.is_rural AND p.primary_pupils < 100 AND u.pupils > 0))
    UNION ALL
    SELECT
        'senior_high_boarding' AS indicator_id,
        'by_pupils' AS variant,
        p.area_code AS area_code,
        'all' AS segment,
        'school_year' AS period_kind,
        g.school_year AS period,
        p.school_id AS unit_id,
        p.school_name AS unit_name,
        CAST(g.boarders AS BIGINT) AS numerator,
        CAST(NULL AS BIGINT) AS denominator,
        CAST(NULL AS VARCHAR) AS lacking,
        '寄宿生÷在校生' AS basis,
        CASE WHEN g.maturity = 'final' THEN p.maturity ELSE g.maturity END AS maturity,
        g.source_file AS source_file,
        g.source_sheet AS source_sheet,
        g.source_row AS source_row
    FROM groups AS g
    INNER JOIN profile AS p ON p.school_id = g.school_id AND p.school_year = g.school_year
    WHERE g.stage = '高中' AND p.senior_pupils > 0
    UNION ALL
    SELECT
        'senior_high_boarding' AS indicator_id,
        'by_pupils' AS variant,
        p.area_code AS area_code,
        'all' AS segment,
        'school_year' AS period_kind,
        e.school_year AS period,
        p.school_id AS unit_id,
        p.school_name AS unit_name,
        CAST(NULL AS BIGINT) AS numerator,
        CAST(e.pupils AS BIGINT) AS denominator,
        CAST(NULL AS VARCHAR) AS lacking,
        '寄宿生÷在校生' AS basis,
        CASE WHEN e.maturity = 'final' THEN p.maturity ELSE e.maturity END AS maturity,
        e.source_file AS source_file,
        e.source_sheet AS source_sheet,
        e.source_row AS source_row
    FROM pupils AS e
    INNER JOIN profile AS p ON p.school_id = e.school_id AND p.school_year = e.school_year
    INNER JOIN senior_groups AS g ON g.school_id = e.school_id AND g.school_year = e.school_year
    WHERE e.programme = '普通高中'
    UNION ALL
    SELECT
        'senior_high_in_county_seat' AS indicator_id,
        'pupils' AS variant,
        p.area_code AS area_code,
        'all' AS segment,
        'school_year' AS period_kind,
        e.school_year AS period,
        p.school_id AS unit_id,
        p.school_name AS unit_name,
        CAST(CASE WHEN p.site_place_type IN ('城区', '县城') THEN e.pupils ELSE 0 END AS BIGINT) AS numerator,
        CAST(e.pupils AS BIGINT) AS denominator,
        CASE WHEN p.site_place_type NOT IN ('城区', '县城') AND e.pupils > 0 THEN 'outside_county_seat' END AS lacking,
        '按在校生' AS basis,
        CASE WHEN e.maturity = 'final' THEN p.maturity ELSE e.maturity END AS maturity,
        e.source_file AS source_file,
        e.source_sheet AS source_sheet,
        e.source_row AS source_row
    FROM pupils AS e
    INNER JOIN profile AS p ON p.school_id = e.school_id AND p.school_year = e.school_year
    LEFT JOIN exempt AS x ON x.school_id = p.school_id
    WHERE e.programme = '普通高中' AND x.school_id IS NULL AND p.site_place_type IS NOT NULL
    UNION ALL
    SELECT
        'junior_in_seat_or_central_town' AS indicator_id,
        'pupils' AS variant,
        p.area_code AS area_code,
        'all' AS segment,
        'school_year' AS period_kind,
        e.school_year AS period,
        p.school_id AS unit_id,
        p.school_name AS unit_name,
        CAST(CASE WHEN p.site_place_type IN ('城区', '县城', '中心镇') THEN e.pupils ELSE 0 END AS BIGINT) AS numerator,
        CAST(e.pupils AS BIGINT) AS denominator,
        CASE WHEN p.site_place_type NOT IN ('城区', '县城', '中心镇') AND e.pupils > 0
            THEN 'outside_central_town' END AS lacking,
        '按在校生' AS basis,
        CASE WHEN e.maturity = 'final' THEN p.maturity ELSE e.maturity END AS maturity,
        e.source_file AS source_file,
        e.source_sheet AS source_sheet,
        e.source_row AS source_row
    FROM pupils AS e
    INNER JOIN profile AS p ON p.school_id = e.school_id AND p.school_year = e.school_year
    WHERE e.programme = '初中' AND p.site_place_type IS NOT NULL
)
SELECT
    f.indicator_id AS indicator_id,
    f.variant AS variant,
    f.area_code AS area_code,
    f.segment AS segment,
    f.period_kind AS period_kind,
    f.period AS period,
    f.unit_id AS unit_id,
    f.unit_name AS unit_name,
    f.numerator AS numerator,
    f.denominator AS denominator,
    f.lacking AS lacking,
    f.basis AS basis,
    f.maturity AS maturity,
    f.source_file AS source_file,
    f.source_sheet AS source_sheet,
    f.source_row AS source_row
FROM final AS f
