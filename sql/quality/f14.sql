-- F14 并入现行单位的各旧单位当年都有报表。
-- A row is one return and year that came from some of the units that are one unit today, but not from another that filed by
-- itself then (valid on 1 September of the year): A13 finds the present-day unit among those that handed in, while its sum is
-- short by a whole county. A blank sheet of all of them is told by A13. Which units filed is read from the code in the rows;
-- rows by school have that of the school in the register of the year.
WITH due AS (
    SELECT d.table_name AS table_name, d.period AS period, d.area_code AS area_code
    FROM raw.due_returns AS d
    WHERE d.unit_level <> 'city'
),
filer AS (
    SELECT a.area_code AS code, a.area_code AS area_code, a.name_zh AS name_zh, a.valid_from AS valid_from, a.valid_to AS valid_to
    FROM raw.areas AS a
    UNION
    SELECT x.old_code AS code, x.new_code AS area_code, a.name_zh AS name_zh, a.valid_from AS valid_from, a.valid_to AS valid_to
    FROM raw.crosswalk AS x
    INNER JOIN raw.areas AS a ON a.area_code = x.old_code
),
asked AS (
    SELECT d.table_name AS table_name, d.period AS period, d.area_code AS area_code, f.code AS code, f.name_zh AS name_zh
    FROM due AS d
    INNER JOIN filer AS f
        ON f.area_code = d.area_code
        AND f.valid_from <= CAST(CAST(d.period AS VARCHAR) || '-09-01' AS DATE)
        AND (f.valid_to IS NULL OR f.valid_to >= CAST(CAST(d.period AS VARCHAR) || '-09-01' AS DATE))
),
register AS (
    SELECT g.school_id AS school_id, g.school_year AS school_year, MIN(g.county_code) AS county_code
    FROM staging.school_register AS g
    GROUP BY g.school_id, g.school_year
),
present AS (
    SELECT 'enrolment_by_grade' AS table_name, COALESCE(s.county_code, r.county_code) AS code, s.school_year AS period
    FROM staging.enrolment_by_grade AS s
    LEFT JOIN register AS r ON r.school_id = s.school_id AND r.school_year = s.school_year
    UNION
    SELECT 'entrants_graduates' AS table_name, COALESCE(s.county_code, r.county_code) AS code, s.school_year AS period
    FROM staging.entrants_graduates AS s
    LEFT JOIN register AS r ON r.school_id = s.school_id AND r.school_year = s.school_year
    UNION
    SELECT 'pupil_movement' AS table_name, COALESCE(s.county_code, r.county_code) AS code, s.school_year AS period
    FROM staging.pupil_movement AS s
    LEFT JOIN register AS r ON r.school_id = s.school_id AND r.school_year = s.school_year
    UNION
    SELECT 'school_register' AS table_name, s.county_code AS code, s.school_year AS period
    FROM staging.school_register AS s
    UNION
    SELECT 'population_by_age' AS table_name, s.county_code AS code, CAST(EXTRACT(YEAR FROM s.ref_date) AS BIGINT) AS period
    FROM staging.population_by_age AS s
    UNION
    SELECT 'births' AS table_name, s.county_code AS code, s.calendar_year AS period
    FROM staging.births AS s
    UNION
    SELECT 'county_totals' AS table_name, s.county_code AS code, s.school_year AS period
    FROM staging.county_totals AS s
    UNION
    SELECT 'teacher_exchange' AS table_name, s.county_code AS code, s.school_year AS period
    FROM staging.teacher_exchange AS s
    UNION
    SELECT 'disabled_children_ledger' AS table_name, s.county_code AS code, s.school_year AS period
    FROM staging.disabled_children_ledger AS s
    UNION
    SELECT 'vision_screening' AS table_name, s.county_code AS code, s.calendar_year AS period
    FROM staging.vision_screening AS s
    UNION
    SELECT 'pay_comparison' AS table_name, s.county_code AS code, s.calendar_year AS period
    FROM staging.pay_comparison AS s
    UNION
    SELECT 'elderly_education' AS table_name, s.unit_code AS code, s.calendar_year AS period
    FROM staging.elderly_education AS s
    UNION
    SELECT 'county_finance' AS table_name, s.unit_code AS code, s.fiscal_year AS period
    FROM staging.county_finance AS s
    UNION
    SELECT 'finance_by_stage' AS table_name, s.unit_code AS code, s.fiscal_year AS period
    FROM staging.finance_by_stage AS s
),
held AS (
    SELECT q.table_name AS table_name, q.period AS period, q.area_code AS area_code, q.code AS code, q.name_zh AS name_zh,
        CASE WHEN p.code IS NULL THEN 0 ELSE 1 END AS came
    FROM asked AS q
    LEFT JOIN present AS p ON p.table_name = q.table_name AND p.period = q.period AND p.code = q.code
),
others AS (
    SELECT h.table_name AS table_name, h.period AS period, h.area_code AS area_code, STRING_AGG(h.code, '、' ORDER BY h.code) AS codes
    FROM held AS h
    WHERE h.came = 1
    GROUP BY h.table_name, h.period, h.area_code
)
SELECT
    'staging.' || h.table_name AS table_name,
    '' AS source_file,
    '' AS source_sheet,
    CAST(NULL AS INTEGER) AS source_row,
    '' AS column_name,
    h.code AS value,
    h.area_code AS area_code,
    CAST(h.period AS VARCHAR) AS period,
    o.codes AS expected,
    h.name_zh AS detail
FROM held AS h
INNER JOIN others AS o ON o.table_name = h.table_name AND o.period = h.period AND o.area_code = h.area_code
WHERE h.came = 0
