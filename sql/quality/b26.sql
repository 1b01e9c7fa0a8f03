-- B26 学生变动平衡:期初 + 增加 - 减少 = 期末。
-- A row is one school or county and grade whose closing number is not what its opening number and movements give.
-- Entrants and graduates stand only in rows in which a class begins or ends; blank there means none.
WITH balance AS (
    SELECT
        COALESCE(m.school_id, m.county_code) AS unit,
        m.school_year AS school_year,
        m.grade AS grade,
        m.area_code AS area_code,
        m.source_file AS source_file,
        m.source_sheet AS source_sheet,
        m.source_row AS source_row,
        m.closing AS closing,
        m.opening + COALESCE(m.entrants, 0) + m.in_county + m.in_city + m.in_other + m.resumed + m.other_in
        - COALESCE(m.graduates, 0) - m.out_county - m.out_city - m.out_other - m.suspended - m.withdrawn
        - m.died - m.other_out AS balanced
    FROM staging.pupil_movement AS m
)
SELECT
    'staging.pupil_movement' AS table_name,
    b.source_file AS source_file,
    b.source_sheet AS source_sheet,
    b.source_row AS source_row,
    'closing' AS column_name,
    CAST(b.closing AS VARCHAR) AS value,
    b.area_code AS area_code,
    CAST(b.school_year AS VARCHAR) AS period,
    CAST(b.balanced AS VARCHAR) AS expected,
    b.unit || ' ' || CAST(b.grade AS VARCHAR) AS detail
FROM balance AS b
WHERE b.balanced <> b.closing
