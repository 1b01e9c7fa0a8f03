-- 近视监测的构成:一行一份报表行,筛查人数与近视人数。
-- A row is what one row of the screening adds: myopic over screened pupils, by stage. Children of kindergartens are not
-- pupils (学生) and are left out. basis is the method of screening.
-- Numerator and denominator are what this row adds; an indicator is their sum over rows. lacking names what a unit
-- is short of. A row without numbers is a unit that did not say: it counts nowhere and is listed by name.
WITH area AS (
    SELECT
        a.area_code AS area_code,
        a.name_zh AS name_zh
    FROM core.area AS a
),
screening AS (
    SELECT
        v.area_code AS area_code,
        v.calendar_year AS calendar_year,
        v.stage AS stage,
        v.screened AS screened,
        v.myopic AS myopic,
        v.method AS method,
        v.maturity AS maturity,
        v.source_file AS source_file,
        v.source_sheet AS source_sheet,
        v.source_row AS source_row
    FROM staging.vision_screening AS v
    WHERE v.stage <> '学前'
),
final AS (
    SELECT
        'myopia_rate' AS indicator_id,
        'by_stage' AS variant,
        v.area_code AS area_code,
        CASE v.stage WHEN '小学' THEN 'primary' WHEN '初中' THEN 'junior' ELSE 'senior' END AS segment,
        'calendar_year' AS period_kind,
        v.calendar_year AS period,
        v.area_code AS unit_id,
        a.name_zh AS unit_name,
        CAST(v.myopic AS BIGINT) AS numerator,
        CAST(v.screened AS BIGINT) AS denominator,
        CAST(NULL AS VARCHAR) AS lacking,
        v.method AS basis,
        v.maturity AS maturity,
        v.source_file AS source_file,
        v.source_sheet AS source_sheet,
        v.source_row AS source_row
    FROM screening AS v
    INNER JOIN area AS a ON a.area_code = v.area_code
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
