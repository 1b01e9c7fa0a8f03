-- 核定值、公布值:一行一指标、单位、分组、年度,数值以百万分之一为单位的整数;以亿元公布的,折成元。
-- A row is one certified or published value, in millionths of a point or yuan, with what the same release says of the year
-- before. What was published in 亿元 (a hundred million yuan) is turned into yuan; unit is that of the release.
SELECT
    c.indicator_id AS indicator_id,
    c.area_code AS area_code,
    c.segment AS segment,
    c.period_type AS period_kind,
    c.period_year AS period,
    CAST(c.value * 1000000 AS BIGINT) * CASE WHEN c.unit = '亿元' THEN 100000000 ELSE 1 END AS value_micro,
    c.unit AS unit,
    c.basis AS basis,
    CAST(c.same_basis_previous * 1000000 AS BIGINT) * CASE WHEN c.unit = '亿元' THEN 100000000 ELSE 1 END
        AS same_basis_previous_micro,
    CAST(c.same_basis_change_pct * 1000000 AS BIGINT) AS same_basis_change_micro,
    c.letter_no AS letter_no,
    c.source_title AS source_title,
    c.maturity AS maturity
FROM staging.certified_values AS c
