-- 例外清单:一行一指标、年度、单位,逐一列出未达到全覆盖或下限的学校、县(区)、项目、负责同志,以及应报未报的单位。
-- A row names one unit (school, village, county, project, head of a unit) that falls short of an indicator in a period,
-- with what it is short of; or that left blank what is needed to tell. numerator and denominator are the unit's own
-- (of the rows that fall short), NULL where it did not say. Money stands in fen, minutes in hundredths times pupils.
-- Floors and ceilings of single schools and heads are those of the plan (raw.commitment).
-- Source: core.*_result, core.leader_count.
WITH word AS (
    SELECT
        'not_boarding' AS lacking,
        '有申请未寄宿或未实行寄宿制' AS lacking_zh,
        'boarding was asked for or due and is not given' AS lacking_en
    UNION ALL
    SELECT
        'left_in_small_school' AS lacking,
        '愿意寄宿的学生仍在乡村小规模学校' AS lacking_zh,
        'pupils willing to board are still in a small rural school' AS lacking_en
    UNION ALL
    SELECT
        'outside_county_seat' AS lacking,
        '学校不在城区或县城' AS lacking_zh,
        'the school is not in a city or county seat' AS lacking_en
    UNION ALL
    SELECT
        'outside_central_town' AS lacking,
        '学校不在城区、县城或中心镇' AS lacking_zh,
        'the school is not in a city, county seat or central town' AS lacking_en
    UNION ALL
    SELECT
        'not_reported' AS lacking,
        '应报未报' AS lacking_zh,
        'due but not reported' AS lacking_en
    UNION ALL
    SELECT
        'pupils_not_reported' AS lacking,
        '没有在校生数,不能判断是否小规模学校,未计入' AS lacking_zh,
        'no enrolment return, so whether the school is small is not known; not counted' AS lacking_en
    UNION ALL
    SELECT
        'no_service' AS lacking,
        '未开展课后服务' AS lacking_zh,
        'no after-school service' AS lacking_en
    UNION ALL
    SELECT
        'end_time_blank' AS lacking,
        '未填结束时间,未计入' AS lacking_zh,
        'end time left blank, not counted' AS lacking_en
    UNION ALL
    SELECT
        'ends_early' AS lacking,
        '结束时间早于当地下班时间' AS lacking_zh,
        'ends before local closing time' AS lacking_en
    UNION ALL
    SELECT
        'not_served' AS lacking,
        '未满足全部需求' AS lacking_zh,
        'not everybody is served' AS lacking_en
    UNION ALL
    SELECT
        'not_paired' AS lacking,
        '没有有效的结对帮扶' AS lacking_zh,
        'no pairing in force' AS lacking_en
    UNION ALL
    SELECT
        'carers_blank' AS lacking,
        '未填保育员数,未计入' AS lacking_zh,
        'carers left blank, not counted' AS lacking_en
    UNION ALL
    SELECT
        'compliant_blank' AS lacking,
        '抽查达标人数未填,未计入' AS lacking_zh,
        'those who comply in the survey left blank, not counted' AS lacking_en
    UNION ALL
    SELECT
        'avg_pupils_blank' AS lacking,
        '有经费而未填年平均学生数,未计入' AS lacking_zh,
        'money, but average pupils left blank; not counted' AS lacking_en
    UNION ALL
    SELECT
        'standard_blank' AS lacking,
        '有学生而未填拨款标准,未计入' AS lacking_zh,
        'pupils, but the funding standard left blank; not counted' AS lacking_en
    UNION ALL
    SELECT
        'too_few_staff' AS lacking,
        '未达到“两教一保”' AS lacking_zh,
        'fewer than two teachers and one carer per class' AS lacking_en
    UNION ALL
    SELECT
        'below_college' AS lacking,
        '新入职教师有专科以下学历' AS lacking_zh,
        'recruits below a college diploma' AS lacking_en
    UNION ALL
    SELECT
        'not_checked' AS lacking,
        '有教师未体检' AS lacking_zh,
        'teachers without a health check' AS lacking_en
    UNION ALL
    SELECT
        'without_rural_year' AS lacking,
        '有申报人没有1年以上农村经历' AS lacking_zh,
        'applicants without a rural year' AS lacking_en
    UNION ALL
    SELECT
        'not_placed' AS lacking,
        '有新聘教师未安排满1年' AS lacking_zh,
        'recruits not placed for a year' AS lacking_en
    UNION ALL
    SELECT
        'not_housed' AS lacking,
        '有符合条件教师未纳入住房保障' AS lacking_zh,
        'entitled teachers without housing' AS lacking_en
    UNION ALL
    SELECT
        'not_paid' AS lacking,
        '有应享教师未发放补助' AS lacking_zh,
        'entitled teachers not paid' AS lacking_en
    UNION ALL
    SELECT
        'not_paid_in_full' AS lacking,
        '专项经费未足额拨付' AS lacking_zh,
        'earmarked funds not paid in full' AS lacking_en
    UNION ALL
    SELECT
        'components_differ' AS lacking,
        '教师与公务员工资项目口径不同,未比较' AS lacking_zh,
        'pay components differ, not compared' AS lacking_en
    UNION ALL
    SELECT
        'pay_below' AS lacking,
        '教师平均工资低于公务员' AS lacking_zh,
        'average pay of teachers is below that of civil servants' AS lacking_en
    UNION ALL
    SELECT
        'not_enrolled' AS lacking,
        '有适龄残疾儿童未入学' AS lacking_zh,
        'disabled children of school age not enrolled' AS lacking_en
    UNION ALL
    SELECT
        'no_university' AS lacking,
        '没有老年大学' AS lacking_zh,
        'no university for the elderly' AS lacking_en
    UNION ALL
    SELECT
        'no_institution' AS lacking,
        '有单位未设专职机构' AS lacking_zh,
        'units without a full-time body' AS lacking_en
    UNION ALL
    SELECT
        'outside_platform' AS lacking,
        '有新生未经统一平台录取' AS lacking_zh,
        'entrants admitted outside the platform' AS lacking_en
    UNION ALL
    SELECT
        'without_skill' AS lacking,
        '有学生未掌握1项艺术特长' AS lacking_zh,
        'pupils without an art skill' AS lacking_en
    UNION ALL
    SELECT
        'not_using' AS lacking,
        '有师生未使用教育云' AS lacking_zh,
        'people who do not use the cloud' AS lacking_en
    UNION ALL
    SELECT
        'no_course' AS lacking,
        '未开设劳动教育必修课' AS lacking_zh,
        'no compulsory labour course' AS lacking_en
    UNION ALL
    SELECT
        'not_held' AS lacking,
        '有学校未举办' AS lacking_zh,
        'schools that held none' AS lacking_en
    UNION ALL
    SELECT
        'not_done' AS lacking,
        '未完成或没有文号' AS lacking_zh,
        'not done, or no document number' AS lacking_en
    UNION ALL
    SELECT
        'late' AS lacking,
        '晚于计划完成' AS lacking_zh,
        'done later than planned' AS lacking_en
    UNION ALL
    SELECT
        'closed' AS lacking,
        '学校已停办或撤并,不计入' AS lacking_zh,
        'the school is closed, not counted' AS lacking_en
    UNION ALL
    SELECT
        'withdrawn' AS lacking,
        '认定已撤销或尚未生效,不计入' AS lacking_zh,
        'recognition withdrawn or not yet in force, not counted' AS lacking_en
    UNION ALL
    SELECT
        'below_target' AS lacking,
        '低于承诺的下限' AS lacking_zh,
        'below the floor that was promised' AS lacking_en
    UNION ALL
    SELECT
        'above_target' AS lacking,
        '高于承诺的上限' AS lacking_zh,
        'above the ceiling that was promised' AS lacking_en
),
promise AS (
    SELECT
        c.indicator_id AS indicator_id,
        c.direction_sign AS direction_sign,
        c.target_micro AS target_micro
    FROM raw.commitment AS c
    WHERE c.target_micro IS NOT NULL
),
area AS (
    SELECT
        a.area_code AS area_code,
        a.name_zh AS name_zh,
        a.unit_role AS unit_role,
        a.assessed AS assessed,
        a.is_current AS is_current
    FROM core.area AS a
),
shortfall AS (
    SELECT
        r.indicator_id AS indicator_id,
        r.area_code AS area_code,
        r.period_kind AS period_kind,
        r.segment AS segment,
        r.period AS period,
        r.unit_id AS unit_id,
        r.unit_name AS unit_name,
        r.numerator AS numerator,
        r.denominator AS denominator,
        r.lacking AS lacking
    FROM core.pupil_result AS r
    WHERE r.lacking IS NOT NULL
    UNION ALL
    SELECT
        r.indicator_id AS indicator_id,
        r.area_code AS area_code,
        r.period_kind AS period_kind,
        r.segment AS segment,
        r.period AS period,
        r.unit_id AS unit_id,
        r.unit_name AS unit_name,
        r.numerator AS numerator,
        r.denominator AS denominator,
        r.lacking AS lacking
    FROM core.school_result AS r
    WHERE r.lacking IS NOT NULL
    UNION ALL
    SELECT
        r.indicator_id AS indicator_id,
        r.area_code AS area_code,
        r.period_kind AS period_kind,
        r.segment AS segment,
        r.period AS period,
        r.unit_id AS unit_id,
        r.unit_name AS unit_name,
        r.numerator AS numerator,
        r.denominator AS denominator,
        r.lacking AS lacking
    FROM core.staff_result AS r
    WHERE r.lacking IS NOT NULL
    UNION ALL
    SELECT
        r.indicator_id AS indicator_id,
        r.area_code AS area_code,
        r.period_kind AS period_kind,
        r.segment AS segment,
        r.period AS period,
        r.unit_id AS unit_id,
        r.unit_name AS unit_name,
        r.numerator AS numerator,
        r.denominator AS denominator,
        r.lacking AS lacking
    FROM core.teacher_result AS r
    WHERE r.lacking IS NOT NULL
    UNION ALL
    SELECT
        r.indicator_id AS indicator_id,
        r.area_code AS area_code,
        r.period_kind AS period_kind,
        r.segment AS segment,
        r.period AS period,
        r.unit_id AS unit_id,
        r.unit_name AS unit_name,
        r.numerator AS numerator,
        r.denominator AS denominator,
        r.lacking AS lacking
    FROM core.county_result AS r
    WHERE r.lacking IS NOT NULL
    UNION ALL
    SELECT
        r.indicator_id AS indicator_id,
        r.area_code AS area_code,
        r.period_kind AS period_kind,
        r.segment AS segment,
        r.period AS period,
        r.unit_id AS unit_id,
        r.unit_name AS unit_name,
        r.numerator AS numerator,
        r.denominator AS denominator,
        r.lacking AS lacking
    FROM core.survey_result AS r
    WHERE r.lacking IS NOT NULL
    UNION ALL
    SELECT
        r.indicator_id AS indicator_id,
        r.area_code AS area_code,
        r.period_kind AS period_kind,
        r.segment AS segment,
        r.period AS period,
        r.unit_id AS unit_id,
        r.unit_name AS unit_name,
        r.numerator AS numerator,
        r.denominator AS denominator,
        r.lacking AS lacking
    FROM core.event_result AS r
    WHERE r.lacking IS NOT NULL
    UNION ALL
    SELECT
        r.indicator_id AS indicator_id,
        r.area_code AS area_code,
        r.period_kind AS period_kind,
        r.segment AS segment,
        r.period AS period,
        r.unit_id AS unit_id,
        r.unit_name AS unit_name,
        r.numerator AS numerator,
        r.denominator AS denominator,
        r.lacking AS lacking
    FROM core.money_result AS r
    WHERE r.lacking IS NOT NULL
    UNION ALL
    SELECT
        r.indicator_id AS indicator_id,
        r.area_code AS area_code,
        r.period_kind AS period_kind,
        r.segment AS segment,
        r.period AS period,
        r.unit_id AS unit_id,
        r.unit_name AS unit_name,
        r.numerator AS numerator,
        r.denominator AS denominator,
        r.lacking AS lacking
    FROM core.project_result AS r
    WHERE r.lacking IS NOT NULL
    UNION ALL
    SELECT
        r.indicator_id AS indicator_id,
        r.area_code AS area_code,
        r.period_kind AS period_kind,
        r.segment AS segment,
        r.period AS period,
        r.unit_id AS unit_id,
        r.unit_name AS unit_name,
        r.numerator AS numerator,
        r.denominator AS denominator,
        r.lacking AS lacking
    FROM core.recognition_result AS r
    WHERE r.lacking IS NOT NULL
),
held AS (
    SELECT
        r.indicator_id AS indicator_id,
        r.area_code AS area_code,
        r.period AS period,
        SUM(r.numerator) AS numerator,
        SUM(r.denominator) AS denominator
    FROM core.event_result AS r
    WHERE r.variant = 'schools'
    GROUP BY r.indicator_id, r.area_code, r.period
),
paid AS (
    SELECT
        r.indicator_id AS indicator_id,
        r.area_code AS area_code,
        r.period AS period,
        SUM(r.numerator) AS numerator,
        SUM(r.denominator) AS denominator
    FROM core.money_result AS r
    WHERE r.indicator_id = 'elderly_education_funds'
    GROUP BY r.indicator_id, r.area_code, r.period
),
whole_unit AS (
    SELECT
        h.indicator_id AS indicator_id,
        h.area_code AS area_code,
        h.period AS period,
        h.numerator AS numerator,
        h.denominator AS denominator
    FROM held AS h
    UNION ALL
    SELECT
        b.indicator_id AS indicator_id,
        b.area_code AS area_code,
        b.period AS period,
        b.numerator AS numerator,
        b.denominator AS denominator
    FROM paid AS b
),
elderly AS (
    SELECT
        o.area_code AS area_code,
        o.calendar_year AS calendar_year
    FROM staging.elderly_education AS o
    WHERE o.level = '县'
    GROUP BY o.area_code, o.calendar_year
),
elderly_year AS (
    SELECT
        o.calendar_year AS calendar_year
    FROM elderly AS o
    GROUP BY o.calendar_year
),
by_unit AS (
    SELECT
        s.indicator_id AS indicator_id,
        s.area_code AS area_code,
        s.period_kind AS period_kind,
        s.segment AS segment,
        s.period AS period,
        s.unit_id AS unit_id,
        s.unit_name AS unit_name,
        SUM(s.numerator) AS numerator,
        SUM(s.denominator) AS denominator,
        MIN(s.lacking) AS lacking
    FROM shortfall AS s
    WHERE s.lacking NOT IN ('not_held', 'not_paid_in_full')
    GROUP BY s.indicator_id, s.area_code, s.segment, s.period_kind, s.period, s.unit_id, s.unit_name
    UNION ALL
    SELECT
        s.indicator_id AS indicator_id,
        s.area_code AS area_code,
        s.period_kind AS period_kind,
        s.segment AS segment,
        s.period AS period,
        s.unit_id AS unit_id,
        s.unit_name AS unit_name,
        MAX(w.numerator) AS numerator,
        MAX(w.denominator) AS denominator,
        MIN(s.lacking) AS lacking
    FROM shortfall AS s
    INNER JOIN whole_unit AS w ON w.indicator_id = s.indicator_id AND w.area_code = s.area_code AND w.period = s.period
    WHERE s.lacking IN ('not_held', 'not_paid_in_full') AND w.numerator < w.denominator
    GROUP BY s.indicator_id, s.area_code, s.segment, s.period_kind, s.period, s.unit_id, s.unit_name
    UNION ALL
    SELECT
        h.indicator_id AS indicator_id,
        h.area_code AS area_code,
        'calendar_year' AS period_kind,
        'all' AS segment,
        h.calendar_year AS period,
        h.area_code || ' ' || h.office AS unit_id,
        a.name_zh || h.office_name AS unit_name,
        h.times AS numerator,
        CAST(NULL AS BIGINT) AS denominator,
        'below_target' AS lacking
    FROM core.leader_count AS h
    INNER JOIN area AS a ON a.area_code = h.area_code
    INNER JOIN promise AS c ON c.indicator_id = h.indicator_id
    WHERE h.times * 1000000 < c.target_micro
    UNION ALL
    SELECT
        r.indicator_id AS indicator_id,
        r.area_code AS area_code,
        r.period_kind AS period_kind,
        r.segment AS segment,
        r.period AS period,
        r.unit_id AS unit_id,
        r.unit_name AS unit_name,
        SUM(r.numerator) AS numerator,
        SUM(r.denominator) AS denominator,
        CASE WHEN MIN(c.direction_sign) = 1 THEN 'below_target' ELSE 'above_target' END AS lacking
    FROM core.survey_result AS r
    INNER JOIN promise AS c ON c.indicator_id = r.indicator_id
    WHERE r.variant = 'mean'
    GROUP BY r.indicator_id, r.area_code, r.segment, r.period_kind, r.period, r.unit_id, r.unit_name
    HAVING MIN(c.direction_sign) * (SUM(r.numerator) * 10000 - MIN(c.target_micro) * SUM(r.denominator)) < 0
    UNION ALL
    SELECT
        'county_senior_university' AS indicator_id,
        a.area_code AS area_code,
        'calendar_year' AS period_kind,
        'all' AS segment,
        y.calendar_year AS period,
        a.area_code AS unit_id,
        a.name_zh AS unit_name,
        CAST(NULL AS BIGINT) AS numerator,
        CAST(NULL AS BIGINT) AS denominator,
        'not_reported' AS lacking
    FROM area AS a
    CROSS JOIN elderly_year AS y
    LEFT JOIN elderly AS o ON o.area_code = a.area_code AND o.calendar_year = y.calendar_year
    WHERE a.assessed AND a.is_current AND a.unit_role NOT IN ('whole', 'own_level') AND o.area_code IS NULL
)
SELECT
    b.indicator_id AS indicator_id,
    b.area_code AS area_code,
    b.segment AS segment,
    b.period_kind AS period_kind,
    b.period AS period,
    b.unit_id AS unit_id,
    b.unit_name AS unit_name,
    CAST(b.numerator AS BIGINT) AS numerator,
    CAST(b.denominator AS BIGINT) AS denominator,
    b.lacking AS lacking,
    w.lacking_zh AS lacking_zh,
    w.lacking_en AS lacking_en
FROM by_unit AS b
INNER JOIN word AS w ON w.lacking = b.lacking
