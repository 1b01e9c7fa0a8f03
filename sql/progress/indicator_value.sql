-- 全部指标值:各指标表合并,一行一指标、算法、单位、分组、年度。
-- A row is one value of one indicator; the union of the indicator tables, nothing added.
-- Source: sql/indicators/*.sql.
SELECT
    v.indicator_id AS indicator_id,
    v.variant AS variant,
    v.area_code AS area_code,
    v.segment AS segment,
    v.period_kind AS period_kind,
    v.period AS period,
    v.numerator AS numerator,
    v.denominator AS denominator,
    v.value_num AS value_num,
    v.value_den AS value_den,
    v.value_source AS value_source,
    v.basis AS basis,
    v.maturity AS maturity,
    v.source_title AS source_title
FROM indicator.preschool_ger AS v
UNION ALL
SELECT
    v.indicator_id AS indicator_id,
    v.variant AS variant,
    v.area_code AS area_code,
    v.segment AS segment,
    v.period_kind AS period_kind,
    v.period AS period,
    v.numerator AS numerator,
    v.denominator AS denominator,
    v.value_num AS value_num,
    v.value_den AS value_den,
    v.value_source AS value_source,
    v.basis AS basis,
    v.maturity AS maturity,
    v.source_title AS source_title
FROM indicator.compulsory_retention AS v
UNION ALL
SELECT
    v.indicator_id AS indicator_id,
    v.variant AS variant,
    v.area_code AS area_code,
    v.segment AS segment,
    v.period_kind AS period_kind,
    v.period AS period,
    v.numerator AS numerator,
    v.denominator AS denominator,
    v.value_num AS value_num,
    v.value_den AS value_den,
    v.value_source AS value_source,
    v.basis AS basis,
    v.maturity AS maturity,
    v.source_title AS source_title
FROM indicator.senior_secondary_ger AS v
UNION ALL
SELECT
    v.indicator_id AS indicator_id,
    v.variant AS variant,
    v.area_code AS area_code,
    v.segment AS segment,
    v.period_kind AS period_kind,
    v.period AS period,
    v.numerator AS numerator,
    v.denominator AS denominator,
    v.value_num AS value_num,
    v.value_den AS value_den,
    v.value_source AS value_source,
    v.basis AS basis,
    v.maturity AS maturity,
    v.source_title AS source_title
FROM indicator.inclusive_coverage AS v
UNION ALL
SELECT
    v.indicator_id AS indicator_id,
    v.variant AS variant,
    v.area_code AS area_code,
    v.segment AS segment,
    v.period_kind AS period_kind,
    v.period AS period,
    v.numerator AS numerator,
    v.denominator AS denominator,
    v.value_num AS value_num,
    v.value_den AS value_den,
    v.value_source AS value_source,
    v.basis AS basis,
    v.maturity AS maturity,
    v.source_title AS source_title
FROM indicator.per_pupil_spending AS v
