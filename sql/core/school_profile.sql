-- 学校概况:一行一校一学年,驻地、性质与各学段在校生数。
-- A row is one school in one school year: where it stands, whose it is, how many pupils of each stage it has.
-- Rural: urban-rural codes 210 and 220 (乡中心区、村庄). Pupils are NULL where the year has no return of the school.
-- maturity is that of the school year: one preliminary return makes the year preliminary.
WITH register AS (
    SELECT
        s.school_id AS school_id,
        s.school_year AS school_year,
        s.school_name AS school_name,
        s.school_type AS school_type,
        s.area_code AS area_code,
        s.is_public AS is_public,
        s.urban_rural_code AS urban_rural_code,
        s.site_place_type AS site_place_type,
        s.is_boarding AS is_boarding,
        s.status AS status,
        s.source_file AS source_file,
        s.source_sheet AS source_sheet,
        s.source_row AS source_row
    FROM staging.school_register AS s
),
pupils AS (
    SELECT
        e.school_id AS school_id,
        e.school_year AS school_year,
        SUM(CASE WHEN e.programme = '小学' THEN e.pupils ELSE 0 END) AS primary_pupils,
        SUM(CASE WHEN e.programme = '初中' THEN e.pupils ELSE 0 END) AS junior_pupils,
        SUM(CASE WHEN e.programme = '普通高中' THEN e.pupils ELSE 0 END) AS senior_pupils,
        SUM(CASE WHEN e.programme IN ('中专', '职高', '成人中专', '附设中职', '五年制前三年') THEN e.pupils ELSE 0 END)
            AS vocational_pupils
    FROM staging.enrolment_by_grade AS e
    WHERE NOT e.is_total AND e.school_id IS NOT NULL
    GROUP BY e.school_id, e.school_year
),
year AS (
    SELECT
        m.school_year AS school_year,
        m.maturity AS maturity
    FROM core.maturity AS m
)
SELECT
    r.school_id AS school_id,
    r.school_year AS school_year,
    r.school_name AS school_name,
    r.school_type AS school_type,
    r.area_code AS area_code,
    r.is_public AS is_public,
    SUBSTR(r.urban_rural_code, 1, 1) = '2' AS is_rural,
    r.status = '在办' AS is_open,
    SUBSTR(r.school_type, 1, 2) = '51' AS is_special,
    r.is_boarding AS is_boarding,
    r.site_place_type AS site_place_type,
    CAST(p.primary_pupils AS BIGINT) AS primary_pupils,
    CAST(p.junior_pupils AS BIGINT) AS junior_pupils,
    CAST(p.senior_pupils AS BIGINT) AS senior_pupils,
    CAST(p.vocational_pupils AS BIGINT) AS vocational_pupils,
    y.maturity AS maturity,
    r.source_file AS source_file,
    r.source_sheet AS source_sheet,
    r.source_row AS source_row
FROM register AS r
INNER JOIN year AS y ON y.school_year = r.school_year
LEFT JOIN pupils AS p ON p.school_id = r.school_id AND p.school_year = r.school_year
