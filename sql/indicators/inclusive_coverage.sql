-- 普惠性幼儿园覆盖率 = (公办园 + 普惠性民办园)在园幼儿 ÷ 全部在园幼儿 × 100%;按园所数的占比并列。
-- A row is one unit (or the whole area) in one school year; by_children decides, by_kindergartens stands beside it.
-- Source of the formula: 《县域学前教育普及普惠督导评估办法》(教督〔2020〕1号).
-- Where schools do not report one by one, published totals take the place of sums over schools.
WITH edition AS (
    SELECT
        e.area_code AS area_code
    FROM raw.edition AS e
),
kindergartens AS (
    SELECT
        k.area_code AS area_code,
        k.school_year AS school_year,
        k.is_inclusive AS is_inclusive,
        k.children AS children
    FROM core.kindergarten AS k
    WHERE k.children > 0
),
published AS (
    SELECT
        p.area_code AS area_code,
        p.school_year AS school_year,
        MAX(CASE WHEN p.measure = 'kindergarten_children' THEN p.count END) AS children,
        MAX(CASE WHEN p.measure = 'inclusive_kindergarten_children' THEN p.count END) AS inclusive_children,
        MAX(CASE WHEN p.measure = 'kindergartens' THEN p.count END) AS kindergartens,
        MAX(CASE WHEN p.measure = 'inclusive_kindergartens' THEN p.count END) AS inclusive_kindergartens,
        MAX(CASE WHEN p.measure = 'inclusive_kindergarten_children' THEN p.source_title END) AS source_title,
        MAX(p.maturity) AS maturity
    FROM core.published_count AS p
    GROUP BY p.area_code, p.school_year
),
by_unit AS (
    SELECT
        k.area_code AS area_code,
        k.school_year AS school_year,
        CAST(SUM(CASE WHEN k.is_inclusive THEN k.children ELSE 0 END) AS BIGINT) AS inclusive_children,
        CAST(SUM(k.children) AS BIGINT) AS children,
        CAST(SUM(CASE WHEN k.is_inclusive THEN 1 ELSE 0 END) AS BIGINT) AS inclusive_kindergartens,
        CAST(COUNT(k.children) AS BIGINT) AS kindergartens
    FROM kindergartens AS k
    GROUP BY k.area_code, k.school_year
),
from_schools AS (
    SELECT
        u.area_code AS area_code,
        u.school_year AS school_year,
        u.inclusive_children AS inclusive_children,
        u.children AS children,
        u.inclusive_kindergartens AS inclusive_kindergartens,
        u.kindergartens AS kindergartens
    FROM by_unit AS u
    UNION ALL
    SELECT
        e.area_code AS area_code,
        u.school_year AS school_year,
        CAST(SUM(u.inclusive_children) AS BIGINT) AS inclusive_children,
        CAST(SUM(u.children) AS BIGINT) AS children,
        CAST(SUM(u.inclusive_kindergartens) AS BIGINT) AS inclusive_kindergartens,
        CAST(SUM(u.kindergartens) AS BIGINT) AS kindergartens
    FROM by_unit AS u
    CROSS JOIN edition AS e
    GROUP BY e.area_code, u.school_year
),
counts AS (
    SELECT
        s.area_code AS area_code,
        s.school_year AS school_year,
        s.inclusive_children AS inclusive_children,
        s.children AS children,
        s.inclusive_kindergartens AS inclusive_kindergartens,
        s.kindergartens AS kindergartens,
        m.maturity AS maturity,
        CAST(NULL AS VARCHAR) AS source_title
    FROM from_schools AS s
    INNER JOIN core.maturity AS m ON m.school_year = s.school_year
    UNION ALL
    SELECT
        p.area_code AS area_code,
        p.school_year AS school_year,
        p.inclusive_children AS inclusive_children,
        p.children AS children,
        p.inclusive_kindergartens AS inclusive_kindergartens,
        p.kindergartens AS kindergartens,
        p.maturity AS maturity,
        p.source_title AS source_title
    FROM published AS p
    LEFT JOIN from_schools AS s ON s.area_code = p.area_code AND s.school_year = p.school_year
    WHERE s.area_code IS NULL
),
combined AS (
    SELECT
        'by_children' AS variant,
        c.area_code AS area_code,
        c.school_year AS school_year,
        c.inclusive_children AS numerator,
        c.children AS denominator,
        c.maturity AS maturity,
        c.source_title AS source_title
    FROM counts AS c
    UNION ALL
    SELECT
        'by_kindergartens' AS variant,
        c.area_code AS area_code,
        c.school_year AS school_year,
        c.inclusive_kindergartens AS numerator,
        c.kindergartens AS denominator,
        c.maturity AS maturity,
        c.source_title AS source_title
    FROM counts AS c
),
final AS (
    SELECT
        'inclusive_coverage' AS indicator_id,
        s.variant AS variant,
        s.area_code AS area_code,
        'all' AS segment,
        'school_year' AS period_kind,
        s.school_year AS period,
        s.numerator AS numerator,
        s.denominator AS denominator,
        CAST(s.numerator AS DECIMAL(38, 0)) * 100 AS value_num,
        CAST(s.denominator AS DECIMAL(38, 0)) AS value_den,
        'computed' AS value_source,
        CASE WHEN s.variant = 'by_children' THEN '按在园幼儿' ELSE '按园所' END AS basis,
        s.maturity AS maturity,
        s.source_title AS source_title
    FROM combined AS s
    WHERE s.denominator > 0 AND s.numerator IS NOT NULL
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
