-- 幼儿园:一行一园一学年,在园幼儿数与公办、普惠性民办、其他民办的归类。
-- A row is one kindergarten (or attached class) in one school year.
-- Public, or recognised as inclusive with a recognition valid on 1 September: 《县域学前教育普及普惠督导评估办法》(教督〔2020〕1号).
WITH children AS (
    SELECT
        k.school_id AS school_id,
        k.school_year AS school_year,
        SUM(k.children) AS children
    FROM staging.kindergarten_children AS k
    WHERE NOT k.is_total
    GROUP BY k.school_id, k.school_year
),
recognised AS (
    SELECT
        i.school_id AS school_id,
        i.period AS school_year,
        COUNT(i.decision_no) AS decisions
    FROM staging.inclusive_kindergarten_register AS i
    WHERE i.recognised_from <= CAST(CAST(i.period AS VARCHAR) || '-09-01' AS DATE)
        AND i.recognised_to >= CAST(CAST(i.period AS VARCHAR) || '-09-01' AS DATE)
        AND (i.withdrawn_on IS NULL OR i.withdrawn_on > CAST(CAST(i.period AS VARCHAR) || '-09-01' AS DATE))
    GROUP BY i.school_id, i.period
),
schools AS (
    SELECT
        s.school_id AS school_id,
        s.school_year AS school_year,
        s.area_code AS area_code,
        s.payer_code AS payer_code,
        s.is_public AS is_public
    FROM core.school AS s
),
final AS (
    SELECT
        c.school_id AS school_id,
        c.school_year AS school_year,
        s.area_code AS area_code,
        s.payer_code AS payer_code,
        s.is_public AS is_public,
        (NOT s.is_public AND COALESCE(r.decisions, 0) > 0) AS is_inclusive_private,
        c.children AS children
    FROM children AS c
    INNER JOIN schools AS s ON s.school_id = c.school_id AND s.school_year = c.school_year
    LEFT JOIN recognised AS r ON r.school_id = c.school_id AND r.school_year = c.school_year
)
SELECT
    f.school_id AS school_id,
    f.school_year AS school_year,
    f.area_code AS area_code,
    f.payer_code AS payer_code,
    f.is_public AS is_public,
    f.is_inclusive_private AS is_inclusive_private,
    (f.is_public OR f.is_inclusive_private) AS is_inclusive,
    CASE
        WHEN f.is_public THEN 'public'
        WHEN f.is_inclusive_private THEN 'inclusive_private'
        ELSE 'other_private'
    END AS ownership_class,
    CAST(f.children AS BIGINT) AS children
FROM final AS f
