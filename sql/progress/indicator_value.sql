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
FROM indicator.preschool_full_coverage_urban_rural AS v
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
FROM indicator.leader_frontline_visits AS v
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
FROM indicator.leader_ideology_lecture AS v
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
FROM indicator.leader_school_pairing AS v
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
FROM indicator.daily_exercise_hour AS v
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
FROM indicator.municipal_student_games AS v
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
FROM indicator.school_sports_meet AS v
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
FROM indicator.football_schools AS v
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
FROM indicator.olympic_demo_schools AS v
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
FROM indicator.moe_ice_snow_schools AS v
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
FROM indicator.municipal_ice_snow_schools AS v
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
FROM indicator.student_art_skill AS v
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
FROM indicator.municipal_art_show AS v
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
FROM indicator.school_art_festival AS v
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
FROM indicator.labour_course_coverage AS v
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
FROM indicator.county_labour_bases AS v
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
FROM indicator.myopia_rate AS v
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
FROM indicator.rural_preschool_full_coverage AS v
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
FROM indicator.rural_preschool_county_plan AS v
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
FROM indicator.kindergartens_built_2021 AS v
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
FROM indicator.inclusive_private_recognised_2021 AS v
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
FROM indicator.inclusive_kindergartens_added AS v
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
FROM indicator.migrant_children_public_share AS v
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
FROM indicator.new_estate_schools AS v
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
FROM indicator.small_rural_upper_grades_boarding AS v
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
FROM indicator.senior_high_in_county_seat AS v
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
FROM indicator.senior_high_boarding AS v
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
FROM indicator.junior_in_seat_or_central_town AS v
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
FROM indicator.junior_boarding_willing AS v
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
FROM indicator.primary_upper_boarding_service AS v
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
FROM indicator.school_pairing_coverage AS v
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
FROM indicator.education_cloud_sharing AS v
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
FROM indicator.teacher_exchange_share AS v
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
FROM indicator.backbone_exchange_share AS v
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
FROM indicator.senior_title_rural_year AS v
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
FROM indicator.new_rural_teacher_training_year AS v
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
FROM indicator.principal_rural_experience AS v
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
FROM indicator.homework_g3_6_60 AS v
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
FROM indicator.homework_g7_9_90 AS v
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
FROM indicator.after_school_service_schools AS v
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
FROM indicator.after_school_service_demand AS v
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
FROM indicator.after_school_end_time AS v
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
FROM indicator.after_school_pay_1_1 AS v
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
FROM indicator.disabled_children_enrolment AS v
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
FROM indicator.special_education_plan AS v
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
FROM indicator.master_studios_primary AS v
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
FROM indicator.master_studios_junior AS v
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
FROM indicator.master_studios_senior AS v
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
FROM indicator.unified_senior_admission AS v
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
FROM indicator.no1_high_provincial_rank AS v
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
FROM indicator.quality_high_schools AS v
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
FROM indicator.feature_high_schools AS v
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
FROM indicator.district_high_schools AS v
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
FROM indicator.vocational_conditions_vs_province AS v
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
FROM indicator.higher_vocational_projects AS v
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
FROM indicator.one_three_five_layout AS v
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
FROM indicator.modern_vocational_college AS v
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
FROM indicator.teachers_abroad AS v
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
FROM indicator.international_cooperation_colleges AS v
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
FROM indicator.county_senior_university AS v
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
FROM indicator.elderly_education_institutions AS v
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
FROM indicator.elderly_education_funds AS v
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
FROM indicator.teacher_pay_vs_civil_servants AS v
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
FROM indicator.kindergarten_two_teachers_one_carer AS v
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
FROM indicator.new_kindergarten_teacher_degree AS v
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
FROM indicator.rural_teacher_health_check AS v
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
FROM indicator.rural_teacher_housing AS v
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
FROM indicator.rural_teacher_allowance AS v
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
FROM indicator.education_spending_total AS v
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
FROM indicator.compulsory_public_funds_vs_nation AS v
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
FROM indicator.senior_high_public_funds_standard AS v
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
FROM indicator.kindergarten_public_funds_standard AS v
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
FROM indicator.vocational_vs_senior_high_funding AS v
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
FROM indicator.new_funds_to_vocational AS v
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
FROM indicator.university_bonds AS v
