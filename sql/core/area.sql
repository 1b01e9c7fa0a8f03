-- 行政区与统计区:一行一单位,含有效期。
-- A row is one unit of the territory with the time it was valid; current means valid on 1 September of the edition's year.
-- unit_role: whole (the territory), own_level (the budget of its own government), county (a division of any rank), zone.
-- Source: data_raw/<programme>/areas.csv (codes of the National Bureau of Statistics).
WITH areas AS (
    SELECT
        a.area_code AS area_code,
        a.name_zh AS name_zh,
        a.short_name_zh AS short_name_zh,
        a.name_en AS name_en,
        a.unit_type AS unit_type,
        a.unit_role AS unit_role,
        a.parent_code AS parent_code,
        a.budget_level AS budget_level,
        a.assessed AS assessed,
        a.valid_from AS valid_from,
        a.valid_to AS valid_to,
        a.grid_row AS grid_row,
        a.grid_col AS grid_col,
        a.sort_order AS sort_order
    FROM raw.areas AS a
),
edition AS (
    SELECT
        CAST(CAST(e.year AS VARCHAR) || '-09-01' AS DATE) AS reference_day
    FROM raw.edition AS e
)
SELECT
    f.area_code AS area_code,
    f.name_zh AS name_zh,
    f.short_name_zh AS short_name_zh,
    f.name_en AS name_en,
    f.unit_type AS unit_type,
    f.unit_role AS unit_role,
    f.parent_code AS parent_code,
    f.budget_level AS budget_level,
    f.assessed AS assessed,
    f.valid_from AS valid_from,
    f.valid_to AS valid_to,
    (f.valid_from <= e.reference_day AND (f.valid_to IS NULL OR f.valid_to >= e.reference_day)) AS is_current,
    f.grid_row AS grid_row,
    f.grid_col AS grid_col,
    f.sort_order AS sort_order
FROM areas AS f
CROSS JOIN edition AS e
