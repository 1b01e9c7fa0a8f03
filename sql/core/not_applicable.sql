-- 不适用的单位:一行一指标、单位、年度;没有可评的对象,不是没有报送。
-- A row is a unit that a figure cannot be asked of in one period, and why: it pays for no public pupil of the stage and its
-- own finance return has none either (no_such_stage), or nobody's time is up yet (none_due: the first cohort of recruits
-- that the plan binds, that of the base year of its promise, has not completed its five years).
WITH bound AS (
    SELECT
        MIN(c.base_period) AS first_cohort
    FROM raw.commitment AS c
    WHERE c.indicator_id = 'new_rural_teacher_training_year'
),
edition AS (
    SELECT
        e.finance_basis AS finance_basis
    FROM raw.edition AS e
),
stage AS (
    SELECT
        s.area_code AS area_code,
        s.fiscal_year AS fiscal_year,
        s.stage AS stage,
        s.avg_pupils AS avg_pupils
    FROM staging.finance_by_stage AS s
    INNER JOIN edition AS e ON e.finance_basis = s.basis
),
kindergarten AS (
    SELECT
        k.payer_code AS payer_code,
        k.school_year AS school_year,
        k.is_public AS is_public,
        k.children AS children
    FROM core.kindergarten AS k
),
enrolment AS (
    SELECT
        n.payer_code AS payer_code,
        n.school_year AS school_year,
        n.is_public AS is_public,
        n.programme AS programme,
        n.pupils AS pupils
    FROM core.enrolment AS n
),
part AS (
    SELECT
        p.part_code AS part_code,
        p.area_code AS area_code
    FROM core.area_part AS p
),
exchange AS (
    SELECT
        x.area_code AS area_code,
        x.school_year AS school_year
    FROM staging.teacher_exchange AS x
),
standard AS (
    SELECT
        'senior_high_public_funds_standard' AS indicator_id,
        '普通高中' AS stage
    UNION ALL
    SELECT
        'kindergarten_public_funds_standard' AS indicator_id,
        '学前' AS stage
),
paid AS (
    SELECT
        k.payer_code AS payer_code,
        k.school_year AS school_year,
        '学前' AS stage
    FROM kindergarten AS k
    WHERE k.is_public AND k.children > 0
    UNION ALL
    SELECT
        n.payer_code AS payer_code,
        n.school_year AS school_year,
        n.programme AS stage
    FROM enrolment AS n
    WHERE n.is_public AND n.pupils > 0
),
-- units that handed in their return, whatever it says of the stage
filed AS (
    SELECT
        s.area_code AS area_code,
        s.fiscal_year AS fiscal_year
    FROM stage AS s
    GROUP BY s.area_code, s.fiscal_year
),
has_stage AS (
    SELECT
        s.area_code AS area_code,
        s.fiscal_year AS fiscal_year,
        s.stage AS stage
    FROM stage AS s
    WHERE s.avg_pupils > 0
    UNION
    SELECT
        p.payer_code AS area_code,
        p.school_year AS fiscal_year,
        p.stage AS stage
    FROM paid AS p
    UNION
    SELECT
        p.payer_code AS area_code,
        p.school_year + 1 AS fiscal_year,
        p.stage AS stage
    FROM paid AS p
),
final AS (
    SELECT
        t.indicator_id AS indicator_id,
        f.area_code AS area_code,
        'fiscal_year' AS period_kind,
        f.fiscal_year AS period,
        'no_such_stage' AS reason
    FROM filed AS f
    CROSS JOIN standard AS t
    LEFT JOIN has_stage AS h
        ON h.area_code = f.area_code AND h.fiscal_year = f.fiscal_year AND h.stage = t.stage
    WHERE h.area_code IS NULL
    UNION ALL
    SELECT
        'new_rural_teacher_training_year' AS indicator_id,
        p.area_code AS area_code,
        'school_year' AS period_kind,
        x.school_year AS period,
        'none_due' AS reason
    FROM exchange AS x
    INNER JOIN part AS p ON p.part_code = x.area_code
    INNER JOIN bound AS b ON x.school_year < b.first_cohort + 5
    GROUP BY p.area_code, x.school_year
)
SELECT
    f.indicator_id AS indicator_id,
    f.area_code AS area_code,
    f.period_kind AS period_kind,
    f.period AS period,
    f.reason AS reason
FROM final AS f
