-- A13 应报报表齐全且不重复。
-- A row is one return that is due and not there, one that came only on a basis (or for an item) that the
-- plan does not use (variant basis), or one that stands in two files of which neither replaces the other
-- (variant duplicate).
-- A return is one table of one unit and period; "part" tells apart what may come in separate files
-- (bases of population and finance, programmes, measures, single certified values).
WITH due AS (
    SELECT
        d.table_name AS table_name,
        CAST(d.period AS BIGINT) AS period,
        d.area_code AS area_code,
        d.unit_level AS unit_level
    FROM raw.due_returns AS d
),
edition AS (
    SELECT
        e.area_code AS area_code,
        e.finance_item AS finance_item,
        e.finance_basis AS finance_basis
    FROM raw.edition AS e
),
-- what counts as a return where only one basis (and item) feeds the figures
usable AS (
    SELECT 'population_by_age' AS table_name, b.basis AS part
    FROM raw.population_basis AS b
    UNION ALL
    SELECT 'county_finance' AS table_name, e.finance_basis || '/' || e.finance_item AS part
    FROM edition AS e
),
present AS (
    SELECT 'school_register' AS table_name, s.area_code AS area_code, s.school_year AS period,
        '' AS part, s.source_file AS source_file, s.source_sheet AS source_sheet, s.source_row AS source_row
    FROM staging.school_register AS s
    UNION ALL
    SELECT 'kindergarten_children' AS table_name, s.area_code AS area_code, s.school_year AS period,
        '' AS part, s.source_file AS source_file, s.source_sheet AS source_sheet, s.source_row AS source_row
    FROM staging.kindergarten_children AS s
    UNION ALL
    SELECT 'enrolment_by_grade' AS table_name, s.area_code AS area_code, s.school_year AS period,
        s.programme || CASE WHEN s.school_id IS NULL THEN '/county' ELSE '/school' END AS part,
        s.source_file AS source_file, s.source_sheet AS source_sheet, s.source_row AS source_row
    FROM staging.enrolment_by_grade AS s
    UNION ALL
    SELECT 'entrants_graduates' AS table_name, s.area_code AS area_code, s.school_year AS period,
        s.stage || CASE WHEN s.school_id IS NULL THEN '/county' ELSE '/school' END AS part,
        s.source_file AS source_file, s.source_sheet AS source_sheet, s.source_row AS source_row
    FROM staging.entrants_graduates AS s
    UNION ALL
    SELECT 'pupil_movement' AS table_name, s.area_code AS area_code, s.school_year AS period,
        CASE WHEN s.school_id IS NULL THEN 'county' ELSE 'school' END AS part,
        s.source_file AS source_file, s.source_sheet AS source_sheet, s.source_row AS source_row
    FROM staging.pupil_movement AS s
    UNION ALL
    SELECT 'technical_school_enrolment' AS table_name, s.area_code AS area_code, s.school_year AS period,
        '' AS part, s.source_file AS source_file, s.source_sheet AS source_sheet, s.source_row AS source_row
    FROM staging.technical_school_enrolment AS s
    UNION ALL
    SELECT 'inclusive_kindergarten_register' AS table_name, s.area_code AS area_code,
        CAST(s.period AS BIGINT) AS period, '' AS part,
        s.source_file AS source_file, s.source_sheet AS source_sheet, s.source_row AS source_row
    FROM staging.inclusive_kindergarten_register AS s
    UNION ALL
    SELECT 'population_by_age' AS table_name, s.area_code AS area_code,
        CAST(EXTRACT(YEAR FROM s.ref_date) AS BIGINT) AS period, s.basis AS part,
        s.source_file AS source_file, s.source_sheet AS source_sheet, s.source_row AS source_row
    FROM staging.population_by_age AS s
    UNION ALL
    SELECT 'census_population' AS table_name, s.area_code AS area_code, s.census_year AS period, '' AS part,
        s.source_file AS source_file, s.source_sheet AS source_sheet, s.source_row AS source_row
    FROM staging.census_population AS s
    UNION ALL
    SELECT 'county_finance' AS table_name, s.area_code AS area_code, s.fiscal_year AS period,
        s.basis || '/' || s.item AS part,
        s.source_file AS source_file, s.source_sheet AS source_sheet, s.source_row AS source_row
    FROM staging.county_finance AS s
    UNION ALL
    SELECT 'certified_values' AS table_name, s.area_code AS area_code, s.period_year AS period,
        s.indicator_id || '/' || s.segment || '/' || s.period_type AS part,
        s.source_file AS source_file, s.source_sheet AS source_sheet, s.source_row AS source_row
    FROM staging.certified_values AS s
    UNION ALL
    SELECT 'published_counts' AS table_name, s.area_code AS area_code, s.school_year AS period,
        s.measure AS part,
        s.source_file AS source_file, s.source_sheet AS source_sheet, s.source_row AS source_row
    FROM staging.published_counts AS s
    UNION ALL
    SELECT 'after_school_service' AS table_name, s.area_code AS area_code, s.school_year AS period,
        s.term AS part,
        s.source_file AS source_file, s.source_sheet AS source_sheet, s.source_row AS source_row
    FROM staging.after_school_service AS s
    UNION ALL
    SELECT 'benchmarks' AS table_name, s.area_code AS area_code, CAST(s.period AS BIGINT) AS period,
        s.indicator_id || '/' || s.area || '/' || s.basis || '/' || CAST(s.year AS VARCHAR) AS part,
        s.source_file AS source_file, s.source_sheet AS source_sheet, s.source_row AS source_row
    FROM staging.benchmarks AS s
    UNION ALL
    SELECT 'births' AS table_name, s.area_code AS area_code, s.calendar_year AS period,
        s.basis AS part,
        s.source_file AS source_file, s.source_sheet AS source_sheet, s.source_row AS source_row
    FROM staging.births AS s
    UNION ALL
    SELECT 'classes' AS table_name, s.area_code AS area_code, s.school_year AS period,
        s.stage AS part,
        s.source_file AS source_file, s.source_sheet AS source_sheet, s.source_row AS source_row
    FROM staging.classes AS s
    UNION ALL
    SELECT 'compliance_survey' AS table_name, s.area_code AS area_code, s.school_year AS period,
        s.item || '/' || CAST(s.survey_date AS VARCHAR) AS part,
        s.source_file AS source_file, s.source_sheet AS source_sheet, s.source_row AS source_row
    FROM staging.compliance_survey AS s
    UNION ALL
    SELECT 'county_totals' AS table_name, s.area_code AS area_code, s.school_year AS period,
        s.measure || '/' || s.breakdown AS part,
        s.source_file AS source_file, s.source_sheet AS source_sheet, s.source_row AS source_row
    FROM staging.county_totals AS s
    UNION ALL
    SELECT 'disabled_children_ledger' AS table_name, s.area_code AS area_code, s.school_year AS period,
        '' AS part,
        s.source_file AS source_file, s.source_sheet AS source_sheet, s.source_row AS source_row
    FROM staging.disabled_children_ledger AS s
    UNION ALL
    SELECT 'elderly_education' AS table_name, s.area_code AS area_code, s.calendar_year AS period,
        s.level AS part,
        s.source_file AS source_file, s.source_sheet AS source_sheet, s.source_row AS source_row
    FROM staging.elderly_education AS s
    UNION ALL
    SELECT 'enrolment_by_age' AS table_name, s.area_code AS area_code, s.school_year AS period,
        s.stage AS part,
        s.source_file AS source_file, s.source_sheet AS source_sheet, s.source_row AS source_row
    FROM staging.enrolment_by_age AS s
    UNION ALL
    SELECT 'event_log' AS table_name, s.area_code AS area_code, CAST(s.period AS BIGINT) AS period,
        s.event_id AS part,
        s.source_file AS source_file, s.source_sheet AS source_sheet, s.source_row AS source_row
    FROM staging.event_log AS s
    UNION ALL
    SELECT 'facilities' AS table_name, s.area_code AS area_code, s.school_year AS period,
        '' AS part,
        s.source_file AS source_file, s.source_sheet AS source_sheet, s.source_row AS source_row
    FROM staging.facilities AS s
    UNION ALL
    SELECT 'feature_school_register' AS table_name, s.area_code AS area_code, CAST(s.period AS BIGINT) AS period,
        s.school_id || '/' || s.label AS part,
        s.source_file AS source_file, s.source_sheet AS source_sheet, s.source_row AS source_row
    FROM staging.feature_school_register AS s
    UNION ALL
    SELECT 'finance_by_stage' AS table_name, s.area_code AS area_code, s.fiscal_year AS period,
        s.basis || '/' || s.stage AS part,
        s.source_file AS source_file, s.source_sheet AS source_sheet, s.source_row AS source_row
    FROM staging.finance_by_stage AS s
    UNION ALL
    SELECT 'pairing_register' AS table_name, s.area_code AS area_code, CAST(s.period AS BIGINT) AS period,
        s.school_id || '/' || s.partner_school_id AS part,
        s.source_file AS source_file, s.source_sheet AS source_sheet, s.source_row AS source_row
    FROM staging.pairing_register AS s
    UNION ALL
    SELECT 'pay_comparison' AS table_name, s.area_code AS area_code, s.calendar_year AS period,
        '' AS part,
        s.source_file AS source_file, s.source_sheet AS source_sheet, s.source_row AS source_row
    FROM staging.pay_comparison AS s
    UNION ALL
    SELECT 'preschool_service_area' AS table_name, s.area_code AS area_code, s.school_year AS period,
        s.village_code12 AS part,
        s.source_file AS source_file, s.source_sheet AS source_sheet, s.source_row AS source_row
    FROM staging.preschool_service_area AS s
    UNION ALL
    SELECT 'price_index' AS table_name, s.area_code AS area_code, CAST(s.period AS BIGINT) AS period,
        s.area AS part,
        s.source_file AS source_file, s.source_sheet AS source_sheet, s.source_row AS source_row
    FROM staging.price_index AS s
    UNION ALL
    SELECT 'project_ledger' AS table_name, s.area_code AS area_code, CAST(s.period AS BIGINT) AS period,
        s.project_id AS part,
        s.source_file AS source_file, s.source_sheet AS source_sheet, s.source_row AS source_row
    FROM staging.project_ledger AS s
    UNION ALL
    SELECT 'restatement_log' AS table_name, CAST(NULL AS VARCHAR) AS area_code, CAST(s.period AS BIGINT) AS period,
        s.restatement_id AS part,
        s.source_file AS source_file, s.source_sheet AS source_sheet, s.source_row AS source_row
    FROM staging.restatement_log AS s
    UNION ALL
    SELECT 'special_groups' AS table_name, s.area_code AS area_code, s.school_year AS period,
        s.stage AS part,
        s.source_file AS source_file, s.source_sheet AS source_sheet, s.source_row AS source_row
    FROM staging.special_groups AS s
    UNION ALL
    SELECT 'staff' AS table_name, s.area_code AS area_code, s.school_year AS period,
        s.stage AS part,
        s.source_file AS source_file, s.source_sheet AS source_sheet, s.source_row AS source_row
    FROM staging.staff AS s
    UNION ALL
    SELECT 'teacher_exchange' AS table_name, s.area_code AS area_code, s.school_year AS period,
        s.stage AS part,
        s.source_file AS source_file, s.source_sheet AS source_sheet, s.source_row AS source_row
    FROM staging.teacher_exchange AS s
    UNION ALL
    SELECT 'vision_screening' AS table_name, s.area_code AS area_code, s.calendar_year AS period,
        s.stage AS part,
        s.source_file AS source_file, s.source_sheet AS source_sheet, s.source_row AS source_row
    FROM staging.vision_screening AS s
),
present_by_unit AS (
    SELECT p.table_name AS table_name, p.area_code AS area_code, p.period AS period
    FROM present AS p
    LEFT JOIN usable AS u ON u.table_name = p.table_name AND u.part = p.part
    WHERE p.table_name NOT IN ('population_by_age', 'county_finance') OR u.part IS NOT NULL
    UNION
    -- a certified value is due with its release, whatever year it speaks of
    SELECT 'certified_values' AS table_name, s.area_code AS area_code, CAST(s.period AS BIGINT) AS period
    FROM staging.certified_values AS s
),
present_at_all AS (
    SELECT p.table_name AS table_name, p.period AS period
    FROM present_by_unit AS p
    GROUP BY p.table_name, p.period
),
missing AS (
    SELECT
        d.table_name AS table_name,
        d.area_code AS area_code,
        d.period AS period
    FROM due AS d
    CROSS JOIN edition AS e
    LEFT JOIN present_by_unit AS u
        ON u.table_name = d.table_name AND u.period = d.period AND u.area_code = d.area_code
    LEFT JOIN present_at_all AS w
        ON w.table_name = d.table_name AND w.period = d.period
    WHERE ((d.unit_level = 'city' OR d.area_code = e.area_code) AND w.table_name IS NULL)
        OR (d.unit_level <> 'city' AND d.area_code <> e.area_code AND u.table_name IS NULL)
),
-- rows that did come for what is missing: on another basis, or for another item
parts_instead AS (
    SELECT
        m.table_name AS table_name,
        m.area_code AS area_code,
        m.period AS period,
        p.part AS part,
        MIN(p.source_file) AS source_file
    FROM missing AS m
    CROSS JOIN edition AS e
    INNER JOIN present AS p
        ON p.table_name = m.table_name AND p.period = m.period
        AND (p.area_code = m.area_code OR m.area_code = e.area_code)
    GROUP BY m.table_name, m.area_code, m.period, p.part
),
instead AS (
    SELECT
        i.table_name AS table_name,
        i.area_code AS area_code,
        i.period AS period,
        STRING_AGG(i.part, '、' ORDER BY i.part) AS parts,
        MIN(i.source_file) AS source_file
    FROM parts_instead AS i
    GROUP BY i.table_name, i.area_code, i.period
),
wanted AS (
    SELECT u.table_name AS table_name, STRING_AGG(u.part, '、' ORDER BY u.part) AS parts
    FROM usable AS u
    GROUP BY u.table_name
),
files AS (
    SELECT
        p.table_name AS table_name,
        p.area_code AS area_code,
        p.period AS period,
        p.part AS part,
        p.source_file AS source_file,
        MIN(p.source_sheet) AS source_sheet,
        MIN(p.source_row) AS source_row
    FROM present AS p
    WHERE p.area_code IS NOT NULL
    GROUP BY p.table_name, p.area_code, p.period, p.part, p.source_file
),
numbered AS (
    SELECT
        f.table_name AS table_name,
        f.area_code AS area_code,
        f.period AS period,
        f.part AS part,
        f.source_file AS source_file,
        f.source_sheet AS source_sheet,
        f.source_row AS source_row,
        FIRST_VALUE(f.source_file) OVER (
            PARTITION BY f.table_name, f.area_code, f.period, f.part ORDER BY f.source_file
        ) AS first_file
    FROM files AS f
),
doubled AS (
    SELECT
        n.table_name AS table_name,
        n.area_code AS area_code,
        n.period AS period,
        n.source_file AS source_file,
        n.first_file AS first_file,
        MIN(n.source_sheet) AS source_sheet,
        MIN(n.source_row) AS source_row
    FROM numbered AS n
    WHERE n.source_file <> n.first_file
    GROUP BY n.table_name, n.area_code, n.period, n.source_file, n.first_file
)
SELECT
    'staging.' || m.table_name AS table_name,
    COALESCE(i.source_file, '') AS source_file,
    '' AS source_sheet,
    CAST(NULL AS INTEGER) AS source_row,
    '' AS column_name,
    COALESCE(i.parts, '') AS value,
    m.area_code AS area_code,
    CAST(m.period AS VARCHAR) AS period,
    CASE WHEN i.parts IS NULL THEN '' ELSE w.parts END AS expected,
    '' AS detail,
    CASE WHEN i.parts IS NULL THEN '' ELSE 'basis' END AS variant
FROM missing AS m
LEFT JOIN instead AS i
    ON i.table_name = m.table_name AND i.area_code = m.area_code AND i.period = m.period
LEFT JOIN wanted AS w ON w.table_name = m.table_name
UNION ALL
SELECT
    'staging.' || d.table_name AS table_name,
    d.source_file AS source_file,
    d.source_sheet AS source_sheet,
    CAST(d.source_row AS INTEGER) AS source_row,
    '' AS column_name,
    d.source_file AS value,
    d.area_code AS area_code,
    CAST(d.period AS VARCHAR) AS period,
    d.first_file AS expected,
    '' AS detail,
    'duplicate' AS variant
FROM doubled AS d
