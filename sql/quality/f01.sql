-- F01 填报单位的层级与报表相符。
-- A row is one row of a return whose unit code is valid but of a level that the return does not speak of:
-- schools, pupils, teachers and population belong to a county-level unit (variant blank); money to a county-level
-- unit or the municipal level (variant stage_money) or, as a total that is only checked (C14), the whole area (variant
-- money). A total of the whole area beside its units would be counted twice. Codes that are not valid at all are told
-- by A01.
WITH levels AS (
    SELECT
        a.area_code AS area_code,
        MAX(CASE WHEN a.unit_role IN ('whole', 'own_level') THEN 0 ELSE 1 END) AS is_county,
        MAX(CASE WHEN a.unit_role = 'whole' THEN 0 ELSE 1 END) AS is_payer,
        MIN(a.unit_type) AS unit_type
    FROM raw.areas AS a
    GROUP BY a.area_code
),
received AS (
    SELECT 'staging.school_register' AS table_name, s.county_code AS code, s.school_year AS period,
        s.school_id AS school_id,
        s.source_file AS source_file, s.source_sheet AS source_sheet, s.source_row AS source_row
    FROM staging.school_register AS s
    UNION ALL
    SELECT 'staging.technical_school_enrolment' AS table_name, s.county_code AS code, s.school_year AS period,
        s.school_id AS school_id,
        s.source_file AS source_file, s.source_sheet AS source_sheet, s.source_row AS source_row
    FROM staging.technical_school_enrolment AS s
    UNION ALL
    SELECT 'staging.enrolment_by_grade' AS table_name, s.county_code AS code, s.school_year AS period,
        s.school_id AS school_id,
        s.source_file AS source_file, s.source_sheet AS source_sheet, s.source_row AS source_row
    FROM staging.enrolment_by_grade AS s
    UNION ALL
    SELECT 'staging.entrants_graduates' AS table_name, s.county_code AS code, s.school_year AS period,
        s.school_id AS school_id,
        s.source_file AS source_file, s.source_sheet AS source_sheet, s.source_row AS source_row
    FROM staging.entrants_graduates AS s
    UNION ALL
    SELECT 'staging.pupil_movement' AS table_name, s.county_code AS code, s.school_year AS period,
        s.school_id AS school_id,
        s.source_file AS source_file, s.source_sheet AS source_sheet, s.source_row AS source_row
    FROM staging.pupil_movement AS s
    UNION ALL
    SELECT 'staging.population_by_age' AS table_name, s.county_code AS code,
        CAST(EXTRACT(YEAR FROM s.ref_date) AS BIGINT) AS period, '' AS school_id,
        s.source_file AS source_file, s.source_sheet AS source_sheet, s.source_row AS source_row
    FROM staging.population_by_age AS s
    UNION ALL
    SELECT 'staging.census_population' AS table_name, s.county_code AS code, s.census_year AS period,
        '' AS school_id,
        s.source_file AS source_file, s.source_sheet AS source_sheet, s.source_row AS source_row
    FROM staging.census_population AS s
    UNION ALL
    SELECT 'staging.county_finance' AS table_name, s.unit_code AS code, s.fiscal_year AS period,
        '' AS school_id,
        s.source_file AS source_file, s.source_sheet AS source_sheet, s.source_row AS source_row
    FROM staging.county_finance AS s
    UNION ALL
    SELECT 'staging.finance_by_stage' AS table_name, s.unit_code AS code, s.fiscal_year AS period,
        '' AS school_id,
        s.source_file AS source_file, s.source_sheet AS source_sheet, s.source_row AS source_row
    FROM staging.finance_by_stage AS s
    UNION ALL
    SELECT 'staging.births' AS table_name, s.county_code AS code, s.calendar_year AS period,
        '' AS school_id,
        s.source_file AS source_file, s.source_sheet AS source_sheet, s.source_row AS source_row
    FROM staging.births AS s
    UNION ALL
    SELECT 'staging.county_totals' AS table_name, s.county_code AS code, s.school_year AS period,
        '' AS school_id,
        s.source_file AS source_file, s.source_sheet AS source_sheet, s.source_row AS source_row
    FROM staging.county_totals AS s
    UNION ALL
    SELECT 'staging.disabled_children_ledger' AS table_name, s.county_code AS code, s.school_year AS period,
        '' AS school_id,
        s.source_file AS source_file, s.source_sheet AS source_sheet, s.source_row AS source_row
    FROM staging.disabled_children_ledger AS s
    UNION ALL
    SELECT 'staging.pay_comparison' AS table_name, s.county_code AS code, s.calendar_year AS period,
        '' AS school_id,
        s.source_file AS source_file, s.source_sheet AS source_sheet, s.source_row AS source_row
    FROM staging.pay_comparison AS s
    UNION ALL
    SELECT 'staging.teacher_exchange' AS table_name, s.county_code AS code, s.school_year AS period,
        '' AS school_id,
        s.source_file AS source_file, s.source_sheet AS source_sheet, s.source_row AS source_row
    FROM staging.teacher_exchange AS s
    UNION ALL
    SELECT 'staging.vision_screening' AS table_name, s.county_code AS code, s.calendar_year AS period,
        '' AS school_id,
        s.source_file AS source_file, s.source_sheet AS source_sheet, s.source_row AS source_row
    FROM staging.vision_screening AS s
)
SELECT
    r.table_name AS table_name,
    r.source_file AS source_file,
    r.source_sheet AS source_sheet,
    CAST(r.source_row AS INTEGER) AS source_row,
    CASE WHEN r.table_name IN ('staging.county_finance', 'staging.finance_by_stage') THEN 'unit_code' ELSE 'county_code' END
        AS column_name,
    r.code AS value,
    r.code AS area_code,
    CAST(r.period AS VARCHAR) AS period,
    l.unit_type AS expected,
    COALESCE(r.school_id, '') AS detail,
    CASE r.table_name WHEN 'staging.county_finance' THEN 'money' WHEN 'staging.finance_by_stage' THEN 'stage_money' ELSE '' END
        AS variant
FROM received AS r
INNER JOIN levels AS l ON l.area_code = r.code
CROSS JOIN raw.edition AS e
WHERE (r.table_name = 'staging.county_finance' AND l.is_payer = 0 AND r.code <> e.area_code)
    OR (r.table_name = 'staging.finance_by_stage' AND l.is_payer = 0)
    OR (r.table_name NOT IN ('staging.county_finance', 'staging.finance_by_stage') AND l.is_county = 0)
