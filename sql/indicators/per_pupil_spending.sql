-- 按在校学生人数平均的一般公共预算教育支出 = 教育支出(t) ÷ 年平均学生数(t),单位元。
-- 年平均学生数 = (w0 × 上年9月1日学生数 + w1 × 本年9月1日学生数) ÷ (w0 + w1);权重在方案文件中写明。
-- A row is one budget level (unit that pays) or one published stage in one fiscal year.
-- The value is exact: value_num = fen x (w0 + w1), value_den = 100 x (w0 x S(t-1) + w1 x S(t)); numerator is in yuan
-- rounded to whole yuan for display only, denominator is the weighted pupils rounded half up for display only.
-- Source of the formula: 国办发〔2018〕82号 (wording), customary average of the fiscal year (weights).
WITH edition AS (
    SELECT
        e.area_code AS area_code,
        e.finance_item AS finance_item,
        e.finance_basis AS finance_basis,
        e.pupil_scope AS pupil_scope,
        e.previous_weight AS previous_weight,
        e.current_weight AS current_weight
    FROM raw.edition AS e
),
kindergartens AS (
    SELECT
        k.payer_code AS unit_code,
        k.is_public AS is_public,
        k.school_year AS school_year,
        k.children AS pupils
    FROM core.kindergarten AS k
),
enrolment AS (
    SELECT
        s.payer_code AS unit_code,
        s.is_public AS is_public,
        s.school_year AS school_year,
        s.pupils AS pupils
    FROM core.enrolment AS s
),
finance AS (
    SELECT
        f.unit_code AS unit_code,
        f.fiscal_year AS fiscal_year,
        f.item AS item,
        f.basis AS basis,
        f.amount_fen AS amount_fen,
        f.maturity AS maturity
    FROM core.finance AS f
),
pupil_maturity AS (
    SELECT
        m.school_year AS school_year,
        m.maturity AS maturity
    FROM core.maturity AS m
),
certified AS (
    SELECT
        v.area_code AS area_code,
        v.segment AS segment,
        v.period_kind AS period_kind,
        v.period AS period,
        v.value_micro AS value_micro,
        v.basis AS basis,
        v.maturity AS maturity,
        v.source_title AS source_title
    FROM core.certified_value AS v
    WHERE v.indicator_id = 'per_pupil_spending'
),
pupil_rows AS (
    SELECT
        k.unit_code AS unit_code,
        k.is_public AS is_public,
        k.school_year AS school_year,
        k.pupils AS pupils
    FROM kindergartens AS k
    UNION ALL
    SELECT
        n.unit_code AS unit_code,
        n.is_public AS is_public,
        n.school_year AS school_year,
        n.pupils AS pupils
    FROM enrolment AS n
),
pupils AS (
    SELECT
        r.unit_code AS unit_code,
        r.school_year AS school_year,
        SUM(r.pupils) AS pupils
    FROM pupil_rows AS r
    CROSS JOIN edition AS e
    WHERE e.pupil_scope = 'all' OR r.is_public
    GROUP BY r.unit_code, r.school_year
),
spending AS (
    SELECT
        f.unit_code AS unit_code,
        f.fiscal_year AS fiscal_year,
        f.amount_fen AS amount_fen,
        f.basis AS basis,
        f.maturity AS maturity
    FROM finance AS f
    INNER JOIN edition AS e ON e.finance_item = f.item AND e.finance_basis = f.basis
),
by_unit AS (
    SELECT
        s.unit_code AS unit_code,
        s.fiscal_year AS fiscal_year,
        s.amount_fen AS amount_fen,
        e.previous_weight * p.pupils + e.current_weight * c.pupils AS weighted_pupils,
        s.basis AS basis,
        CASE
            WHEN s.maturity = 'final' AND n.maturity = 'final' AND o.maturity = 'final' THEN 'final'
            ELSE 'preliminary'
        END AS maturity
    FROM spending AS s
    CROSS JOIN edition AS e
    INNER JOIN pupil_maturity AS o ON o.school_year = s.fiscal_year - 1
    INNER JOIN pupil_maturity AS n ON n.school_year = s.fiscal_year
    INNER JOIN pupils AS p ON p.unit_code = s.unit_code AND p.school_year = s.fiscal_year - 1
    INNER JOIN pupils AS c ON c.unit_code = s.unit_code AND c.school_year = s.fiscal_year
),
levels AS (
    SELECT
        u.unit_code AS unit_code,
        u.fiscal_year AS fiscal_year,
        u.amount_fen AS amount_fen,
        u.weighted_pupils AS weighted_pupils,
        u.basis AS basis,
        u.maturity AS maturity
    FROM by_unit AS u
    UNION ALL
    SELECT
        e.area_code AS unit_code,
        u.fiscal_year AS fiscal_year,
        SUM(u.amount_fen) AS amount_fen,
        SUM(u.weighted_pupils) AS weighted_pupils,
        u.basis AS basis,
        MAX(u.maturity) AS maturity
    FROM by_unit AS u
    CROSS JOIN edition AS e
    GROUP BY e.area_code, u.fiscal_year, u.basis
),
final AS (
    SELECT
        'per_pupil_spending' AS indicator_id,
        'computed' AS variant,
        l.unit_code AS area_code,
        'all' AS segment,
        'fiscal_year' AS period_kind,
        l.fiscal_year AS period,
        CAST((l.amount_fen - l.amount_fen % 100) // 100 AS BIGINT) AS numerator,
        CAST((2 * l.weighted_pupils + e.previous_weight + e.current_weight) // (2 * (e.previous_weight + e.current_weight)) AS BIGINT)
            AS denominator,
        CAST(l.amount_fen AS DECIMAL(38, 0)) * (e.previous_weight + e.current_weight) AS value_num,
        CAST(l.weighted_pupils AS DECIMAL(38, 0)) * 100 AS value_den,
        'computed' AS value_source,
        l.basis AS basis,
        l.maturity AS maturity,
        CAST(NULL AS VARCHAR) AS source_title
    FROM levels AS l
    CROSS JOIN edition AS e
    WHERE l.weighted_pupils > 0
    UNION ALL
    SELECT
        'per_pupil_spending' AS indicator_id,
        'certified' AS variant,
        c.area_code AS area_code,
        c.segment AS segment,
        c.period_kind AS period_kind,
        c.period AS period,
        CAST(NULL AS BIGINT) AS numerator,
        CAST(NULL AS BIGINT) AS denominator,
        CAST(c.value_micro AS DECIMAL(38, 0)) AS value_num,
        CAST(1000000 AS DECIMAL(38, 0)) AS value_den,
        'certified' AS value_source,
        c.basis AS basis,
        c.maturity AS maturity,
        c.source_title AS source_title
    FROM certified AS c
)
SELECT
    f.indicator_id AS indicator_id,
    f.variant AS variant,
    f.area_code AS area_code,
    f.segment AS segment,
    f.period_kind AS period_kind,
    f.period AS period,
    f.numerator AS numerator,
    f.denominator AS denominator,
    f.value_num AS value_num,
    f.value_den AS value_den,
    f.value_source AS value_source,
    f.basis AS basis,
    f.maturity AS maturity,
    f.source_title AS source_title
FROM final AS f
