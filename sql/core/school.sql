-- 学校:一行一校一学年,归口到县(区)和经费级次。
-- A row is one school in one school year, with its unit and the budget that pays for it.
-- Source: school register; 市直 schools stand in a district but are paid by the municipal budget.
WITH register AS (
    SELECT
        s.school_id AS school_id,
        s.school_year AS school_year,
        s.school_name AS school_name,
        s.school_type AS school_type,
        s.founder_type AS founder_type,
        s.is_public AS is_public,
        s.profit_status AS profit_status,
        s.area_code AS area_code,
        s.pays_budget_level AS pays_budget_level,
        s.urban_rural_code AS urban_rural_code,
        s.status AS status,
        s.claims_inclusive AS claims_inclusive
    FROM staging.school_register AS s
),
edition AS (
    SELECT
        e.city_budget_code AS city_budget_code
    FROM raw.edition AS e
)
SELECT
    r.school_id AS school_id,
    r.school_year AS school_year,
    r.school_name AS school_name,
    r.school_type AS school_type,
    CASE
        WHEN r.school_type IN ('111', '119') THEN 'preschool'
        WHEN r.school_type IN ('211', '218', '219') THEN 'primary'
        WHEN r.school_type IN ('311', '312', '319') THEN 'junior'
        WHEN r.school_type IN ('341', '342', '345', '349') THEN 'senior'
        WHEN SUBSTR(r.school_type, 1, 2) = '36' THEN 'vocational'
        ELSE 'other'
    END AS stage_group,
    r.founder_type AS founder_type,
    r.is_public AS is_public,
    r.profit_status AS profit_status,
    r.area_code AS area_code,
    CASE WHEN r.pays_budget_level = '市直' THEN e.city_budget_code ELSE r.area_code END AS payer_code,
    r.urban_rural_code AS urban_rural_code,
    r.status AS status,
    r.claims_inclusive AS claims_inclusive
FROM register AS r
CROSS JOIN edition AS e
