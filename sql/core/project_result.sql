-- 项目与里程碑类指标的构成:一行一项目(或一县一项任务),按方案写明的项目编号或题名归类。
-- A row is what one project of the ledger, as it stood at the end of a calendar year, adds to an indicator; for tasks of
-- every county, one assessed county, with or without a project. Done is only what has a date not after the end of the
-- year and a document number; before that it is 0, not missing, because the ledger is the whole list.
-- Where the promise names schools, and for schools of districts, a school (a district) counts once, with its first project
-- done, however many are: a second one is no second school. A title that has several of the names stands for each of them;
-- a name that is part of a longer one in the same title is not meant.
-- Projects that fall due: those of the year, and older ones that were still open when it began, for the promise is made
-- anew every year; what was finished before, in time or late, was judged in its own years.
-- Numerator and denominator are what this row adds; an indicator is their sum over rows. lacking names what a unit
-- is short of. A row without numbers is a unit that did not say: it counts nowhere and is listed by name.
WITH kind AS (
    SELECT
        'county_labour_bases' AS indicator_id,
        'each_county' AS counting
    UNION ALL
    SELECT
        'rural_preschool_county_plan' AS indicator_id,
        'each_county' AS counting
    UNION ALL
    SELECT
        'kindergartens_built_2021' AS indicator_id,
        'count' AS counting
    UNION ALL
    SELECT
        'new_estate_schools' AS indicator_id,
        'due' AS counting
    UNION ALL
    SELECT
        'special_education_plan' AS indicator_id,
        'count' AS counting
    UNION ALL
    SELECT
        'no1_high_provincial_rank' AS indicator_id,
        'count' AS counting
    UNION ALL
    SELECT
        'quality_high_schools' AS indicator_id,
        'count' AS counting
    UNION ALL
    SELECT
        'feature_high_schools' AS indicator_id,
        'count' AS counting
    UNION ALL
    SELECT
        'district_high_schools' AS indicator_id,
        'units' AS counting
    UNION ALL
    SELECT
        'higher_vocational_projects' AS indicator_id,
        'count' AS counting
    UNION ALL
    SELECT
        'one_three_five_layout' AS indicator_id,
        'count' AS counting
    UNION ALL
    SELECT
        'modern_vocational_college' AS indicator_id,
        'count' AS counting
    UNION ALL
    SELECT
        'international_cooperation_colleges' AS indicator_id,
        'count' AS counting
),
name AS (
    SELECT
        n.indicator_id AS indicator_id,
        n.relation AS relation,
        n.pattern AS pattern
    FROM raw.plan_name AS n
),
ledger AS (
    SELECT
        t.project_id AS project_id,
        t.title AS title,
        t.area_code AS area_code,
        t.planned_end AS planned_end,
        t.actual_end AS actual_end,
        t.document_no AS document_no,
        t.stage AS stage,
        t.period AS period,
        t.maturity AS maturity,
        t.source_file AS source_file,
        t.source_sheet AS source_sheet,
        t.source_row AS source_row
    FROM staging.project_ledger AS t
),
area AS (
    SELECT
        a.area_code AS area_code,
        a.name_zh AS name_zh,
        a.short_name_zh AS short_name_zh,
        a.unit_role AS unit_role,
        a.assessed AS assessed,
        a.is_current AS is_current
    FROM core.area AS a
),
crosswalk AS (
    SELECT
        x.old_code AS old_code,
        x.new_code AS new_code
    FROM raw.crosswalk AS x
),
-- units that the plan names, as they are today: the only ones it binds
named AS (
    SELECT
        n.indicator_id AS indicator_id,
        COALESCE(x.new_code, a.area_code) AS area_code
    FROM name AS n
    INNER JOIN area AS a ON a.name_zh = n.pattern OR a.short_name_zh = n.pattern
    LEFT JOIN crosswalk AS x ON x.old_code = a.area_code
    WHERE n.relation = 'only'
    GROUP BY n.indicator_id, COALESCE(x.new_code, a.area_code)
),
bound AS (
    SELECT
        k.indicator_id AS indicator_id,
        MAX(CASE WHEN n.relation = 'only' THEN 1 ELSE 0 END) AS names_units,
        MIN(CASE WHEN n.relation = 'since' THEN CAST(n.pattern AS BIGINT) END) AS first_year
    FROM kind AS k
    LEFT JOIN name AS n ON n.indicator_id = k.indicator_id
    GROUP BY k.indicator_id
),
matched AS (
    SELECT
        k.indicator_id AS indicator_id,
        k.counting AS counting,
        t.project_id AS project_id,
        t.period AS period
    FROM ledger AS t
    INNER JOIN name AS n
        ON (n.relation = 'project' AND t.title LIKE n.pattern)
        OR (n.relation = 'project_code' AND t.project_id LIKE n.pattern)
    INNER JOIN kind AS k ON k.indicator_id = n.indicator_id
    LEFT JOIN name AS w ON w.indicator_id = n.indicator_id AND w.relation = 'not_project' AND t.title LIKE w.pattern
    WHERE w.indicator_id IS NULL
    GROUP BY k.indicator_id, k.counting, t.project_id, t.period
),
project AS (
    SELECT
        m.indicator_id AS indicator_id,
        m.counting AS counting,
        j.project_id AS project_id,
        j.title AS title,
        j.area_code AS area_code,
        j.planned_end AS planned_end,
        j.actual_end AS actual_end,
        j.document_no AS document_no,
        j.stage AS stage,
        j.period AS period,
        j.maturity AS maturity,
        j.source_file AS source_file,
        j.source_sheet AS source_sheet,
        j.source_row AS source_row,
        COALESCE(j.stage = '已完成' AND j.document_no IS NOT NULL AND j.actual_end <= CAST(CAST(j.period AS VARCHAR) || '-12-31' AS DATE), FALSE) AS is_done
    FROM matched AS m
    INNER JOIN ledger AS j ON j.project_id = m.project_id AND j.period = m.period
),
counted AS (
    SELECT
        j.indicator_id AS indicator_id,
        j.counting AS counting,
        j.project_id AS project_id,
        j.title AS title,
        j.area_code AS area_code,
        j.actual_end AS actual_end,
        j.is_done AS is_done,
        j.period AS period,
        j.maturity AS maturity,
        j.source_file AS source_file,
        j.source_sheet AS source_sheet,
        j.source_row AS source_row
    FROM project AS j
    INNER JOIN bound AS b ON b.indicator_id = j.indicator_id
    LEFT JOIN named AS n ON n.indicator_id = j.indicator_id AND n.area_code = j.area_code
    WHERE j.counting IN ('count', 'units')
        AND (b.names_units = 0 OR n.area_code IS NOT NULL)
        AND (b.first_year IS NULL OR j.actual_end IS NULL OR EXTRACT(YEAR FROM j.actual_end) >= b.first_year)
),
-- what a project stands for, where that and not the project is counted
member AS (
    SELECT
        j.indicator_id AS indicator_id,
        s.pattern AS member,
        j.project_id AS project_id,
        j.period AS period,
        j.is_done AS is_done,
        j.actual_end AS actual_end
    FROM counted AS j
    INNER JOIN name AS s
        ON s.indicator_id = j.indicator_id AND s.relation = 'school' AND j.title LIKE '%' || s.pattern || '%'
    LEFT JOIN name AS l
        ON l.indicator_id = j.indicator_id AND l.relation = 'school' AND j.title LIKE '%' || l.pattern || '%'
        AND l.pattern <> s.pattern AND l.pattern LIKE '%' || s.pattern || '%'
    WHERE l.pattern IS NULL
    UNION ALL
    SELECT
        j.indicator_id AS indicator_id,
        j.area_code AS member,
        j.project_id AS project_id,
        j.period AS period,
        j.is_done AS is_done,
        j.actual_end AS actual_end
    FROM counted AS j
    WHERE j.counting = 'units'
),
placed AS (
    SELECT
        m.indicator_id AS indicator_id,
        m.project_id AS project_id,
        m.period AS period,
        MAX(CASE WHEN m.is_done THEN 1 END) OVER (PARTITION BY m.indicator_id, m.member, m.period) AS member_done,
        ROW_NUMBER() OVER (
            PARTITION BY m.indicator_id, m.member, m.period
            ORDER BY CASE WHEN m.is_done THEN 0 ELSE 1 END, m.actual_end NULLS LAST, m.project_id
        ) AS place
    FROM member AS m
),
members_of AS (
    SELECT
        p.indicator_id AS indicator_id,
        p.project_id AS project_id,
        p.period AS period,
        -- finished projects come first, so the first of a member that has one is one
        COUNT(CASE WHEN p.member_done = 1 AND p.place = 1 THEN 1 END) AS brings,
        CASE WHEN COUNT(p.member_done) = COUNT(p.place) THEN 1 ELSE 0 END AS all_done
    FROM placed AS p
    GROUP BY p.indicator_id, p.project_id, p.period
),
first_done AS (
    SELECT
        j.indicator_id AS indicator_id,
        j.area_code AS area_code,
        j.period AS period,
        j.source_file AS source_file,
        j.source_sheet AS source_sheet,
        j.source_row AS source_row,
        ROW_NUMBER() OVER (PARTITION BY j.indicator_id, j.area_code, j.period ORDER BY j.actual_end, j.project_id) AS place
    FROM project AS j
    WHERE j.counting = 'each_county' AND j.is_done
),
ledger_year AS (
    SELECT
        t.period AS period,
        MAX(t.maturity) AS maturity
    FROM ledger AS t
    GROUP BY t.period
),
county AS (
    SELECT
        k.indicator_id AS indicator_id,
        a.area_code AS area_code,
        a.name_zh AS name_zh,
        y.period AS period,
        y.maturity AS maturity
    FROM kind AS k
    INNER JOIN bound AS b ON b.indicator_id = k.indicator_id
    CROSS JOIN ledger_year AS y
    CROSS JOIN area AS a
    LEFT JOIN named AS n ON n.indicator_id = k.indicator_id AND n.area_code = a.area_code
    WHERE k.counting = 'each_county' AND a.assessed AND a.is_current AND a.unit_role NOT IN ('whole', 'own_level')
        AND (b.names_units = 0 OR n.area_code IS NOT NULL)
),
final AS (
    SELECT
        j.indicator_id AS indicator_id,
        'documented' AS variant,
        j.area_code AS area_code,
        'all' AS segment,
        'calendar_year' AS period_kind,
        j.period AS period,
        j.project_id AS unit_id,
        j.title AS unit_name,
        CAST(CASE WHEN j.is_done THEN COALESCE(m.brings, 1) ELSE 0 END AS BIGINT) AS numerator,
        CAST(NULL AS BIGINT) AS denominator,
        -- an unfinished project of a school that another one has finished leaves nobody short
        CASE WHEN NOT j.is_done AND COALESCE(m.all_done, 0) = 0 THEN 'not_done' END AS lacking,
        '有文号的完成项目' AS basis,
        j.maturity AS maturity,
        j.source_file AS source_file,
        j.source_sheet AS source_sheet,
        j.source_row AS source_row
    FROM counted AS j
    LEFT JOIN members_of AS m
        ON m.indicator_id = j.indicator_id AND m.project_id = j.project_id AND m.period = j.period
    UNION ALL
    SELECT
        j.indicator_id AS indicator_id,
        'due_projects' AS variant,
        j.area_code AS area_code,
        'all' AS segment,
        'calendar_year' AS period_kind,
        j.period AS period,
        j.project_id AS unit_id,
        j.title AS unit_name,
        CAST(CASE WHEN j.is_done AND j.actual_end <= j.planned_end THEN 1 ELSE 0 END AS BIGINT) AS numerator,
        CAST(1 AS BIGINT) AS denominator,
        CASE WHEN NOT j.is_done THEN 'not_done' WHEN j.actual_end > j.planned_end THEN 'late' END AS lacking,
        '当年到期项目按期完成' AS basis,
        j.maturity AS maturity,
        j.source_file AS source_file,
        j.source_sheet AS source_sheet,
        j.source_row AS source_row
    FROM project AS j
    INNER JOIN bound AS b ON b.indicator_id = j.indicator_id
    LEFT JOIN named AS n ON n.indicator_id = j.indicator_id AND n.area_code = j.area_code
    WHERE j.counting = 'due' AND j.planned_end <= CAST(CAST(j.period AS VARCHAR) || '-12-31' AS DATE)
        AND NOT (
            j.planned_end < CAST(CAST(j.period AS VARCHAR) || '-01-01' AS DATE)
            AND j.is_done AND j.actual_end < CAST(CAST(j.period AS VARCHAR) || '-01-01' AS DATE)
        )
        AND (b.names_units = 0 OR n.area_code IS NOT NULL)
    UNION ALL
    SELECT
        c.indicator_id AS indicator_id,
        'counties' AS variant,
        c.area_code AS area_code,
        'all' AS segment,
        'calendar_year' AS period_kind,
        c.period AS period,
        c.area_code AS unit_id,
        c.name_zh AS unit_name,
        CAST(CASE WHEN j.place IS NULL THEN 0 ELSE 1 END AS BIGINT) AS numerator,
        CAST(1 AS BIGINT) AS denominator,
        CASE WHEN j.place IS NULL THEN 'not_done' END AS lacking,
        '按县(区)' AS basis,
        c.maturity AS maturity,
        j.source_file AS source_file,
        j.source_sheet AS source_sheet,
        j.source_row AS source_row
    FROM county AS c
    LEFT JOIN first_done AS j
        ON j.indicator_id = c.indicator_id AND j.area_code = c.area_code AND j.period = c.period AND j.place = 1
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
