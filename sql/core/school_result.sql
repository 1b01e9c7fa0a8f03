-- 学校类指标的构成:一行一校,课后服务、寄宿制、结对帮扶、“两教一保”。
-- A row is what one school adds to an indicator whose denominator is the register of schools.
-- Numerator and denominator are what this row adds; an indicator is their sum over rows. lacking names what a unit
-- is short of. A row without numbers is a unit that did not say: it counts nowhere and is listed by name.
-- In a unit that filed the return of after-school service, a school of the register that is missing in it does not
-- offer the service as far as anybody knows: it counts in the denominator and is listed. Closed schools never count.
-- A school offers the service where it does so in every term reported. Pairings hold on 1 September. In a unit that filed
-- staff and classes, an open kindergarten that is missing in either did not say, and is listed.
WITH profile AS (
    SELECT
        p.school_id AS school_id,
        p.school_year AS school_year,
        p.school_name AS school_name,
        p.school_type AS school_type,
        p.area_code AS area_code,
        p.is_public AS is_public,
        p.is_rural AS is_rural,
        p.is_open AS is_open,
        p.is_special AS is_special,
        p.is_boarding AS is_boarding,
        p.primary_pupils AS primary_pupils,
        p.junior_pupils AS junior_pupils,
        p.senior_pupils AS senior_pupils,
        p.maturity AS maturity,
        p.source_file AS source_file,
        p.source_sheet AS source_sheet,
        p.source_row AS source_row
    FROM core.school_profile AS p
),
terms AS (
    SELECT
        t.school_id AS school_id,
        t.school_year AS school_year,
        t.term AS term,
        t.offers AS offers,
        t.applied AS applied,
        t.served AS served,
        t.end_time AS end_time,
        t.local_closing_time AS local_closing_time,
        t.area_code AS area_code,
        t.maturity AS maturity,
        t.source_file AS source_file,
        t.source_sheet AS source_sheet,
        t.source_row AS source_row
    FROM staging.after_school_service AS t
),
service_area AS (
    SELECT
        t.area_code AS area_code,
        t.school_year AS school_year
    FROM terms AS t
    GROUP BY t.area_code, t.school_year
),
service AS (
    SELECT
        t.school_id AS school_id,
        t.school_year AS school_year,
        MIN(CASE WHEN t.offers THEN 1 ELSE 0 END) = 1 AS offers,
        SUM(CASE WHEN t.offers THEN 1 ELSE 0 END) AS terms_offered,
        SUM(CASE WHEN t.offers AND t.end_time IS NULL THEN 1 ELSE 0 END) AS times_blank,
        SUM(CASE WHEN t.offers AND t.end_time < t.local_closing_time THEN 1 ELSE 0 END) AS times_early
    FROM terms AS t
    GROUP BY t.school_id, t.school_year
),
pairing_year AS (
    SELECT
        r.period AS school_year
    FROM staging.pairing_register AS r
    GROUP BY r.period
),
paired AS (
    SELECT
        r.school_id AS school_id,
        r.period AS school_year,
        SUM(
            CASE
                WHEN r.date_from <= CAST(CAST(r.period AS VARCHAR) || '-09-01' AS DATE)
                    AND (r.date_to IS NULL OR r.date_to >= CAST(CAST(r.period AS VARCHAR) || '-09-01' AS DATE))
                    THEN 1
                ELSE 0
            END
        ) AS pairings
    FROM staging.pairing_register AS r
    GROUP BY r.school_id, r.period
),
kindergarten_staff AS (
    SELECT
        t.school_id AS school_id,
        t.school_year AS school_year,
        SUM(t.full_time_teachers) AS teachers,
        SUM(t.carers) AS carers
    FROM staging.staff AS t
    WHERE t.stage = '学前'
    GROUP BY t.school_id, t.school_year
),
kindergarten_classes AS (
    SELECT
        c.school_id AS school_id,
        c.school_year AS school_year,
        SUM(c.classes) AS classes
    FROM staging.classes AS c
    WHERE c.stage = '学前'
    GROUP BY c.school_id, c.school_year
),
staff_area AS (
    SELECT
        t.area_code AS area_code,
        t.school_year AS school_year
    FROM staging.staff AS t
    WHERE t.stage = '学前'
    GROUP BY t.area_code, t.school_year
),
classes_area AS (
    SELECT
        c.area_code AS area_code,
        c.school_year AS school_year
    FROM staging.classes AS c
    WHERE c.stage = '学前'
    GROUP BY c.area_code, c.school_year
),
final AS (
    SELECT
        'after_school_service_schools' AS indicator_id,
        'all' AS variant,
        p.area_code AS area_code,
        'all' AS segment,
        'school_year' AS period_kind,
        p.school_year AS period,
        p.school_id AS unit_id,
        p.school_name AS unit_name,
        CAST(CASE WHEN s.offers THEN 1 ELSE 0 END AS BIGINT) AS numerator,
        CAST(1 AS BIGINT) AS denominator,
        CASE WHEN s.school_id IS NULL THEN 'not_reported' WHEN NOT s.offers THEN 'no_service' END AS lacking,
        '按学校' AS basis,
        p.maturity AS maturity,
        p.source_file AS source_file,
        p.source_sheet AS source_sheet,
        p.source_row AS source_row
    FROM profile AS p
    INNER JOIN service_area AS a ON a.area_code = p.area_code AND a.school_year = p.school_year
    LEFT JOIN service AS s ON s.school_id = p.school_id AND s.school_year = p.school_year
    WHERE p.is_open AND NOT p.is_special AND p.primary_pupils > 0
    UNION ALL
    SELECT
        'after_school_service_schools' AS indicator_id,
        CASE
            WHEN p.is_rural THEN CASE WHEN p.is_public THEN 'rural_public' ELSE 'rural_private' END
            ELSE CASE WHEN p.is_public THEN 'urban_public' ELSE 'urban_private' END
        END AS variant,
        p.area_code AS area_code,
        'all' AS segment,
        'school_year' AS period_kind,
        p.school_year AS period,
        p.school_id AS unit_id,
        p.school_name AS unit_name,
        CAST(CASE WHEN s.offers THEN 1 ELSE 0 END AS BIGINT) AS numerator,
        CAST(1 AS BIGINT) AS denominator,
        CAST(NULL AS VARCHAR) AS lacking,
        '按学校' AS basis,
        p.maturity AS maturity,
        p.source_file AS source_file,
        p.source_sheet AS source_sheet,
        p.source_row AS source_row
    FROM profile AS p
    INNER JOIN service_area AS a ON a.area_code = p.area_code AND a.school_year = p.school_year
    LEFT JOIN service AS s ON s.school_id = p.school_id AND s.school_year = p.school_year
    WHERE p.is_open AND NOT p.is_special AND p.primary_pupils > 0
    UNION ALL
    SELECT
        'after_school_end_time' AS indicator_id,
        'schools' AS variant,
        p.area_code AS area_code,
        'all' AS segment,
        'school_year' AS period_kind,
        p.school_year AS period,
        p.school_id AS unit_id,
        p.school_name AS unit_name,
        CAST(CASE WHEN s.times_blank > 0 THEN NULL WHEN s.times_early > 0 THEN 0 ELSE 1 END AS BIGINT) AS numerator,
        CAST(CASE WHEN s.times_blank > 0 THEN NULL ELSE 1 END AS BIGINT) AS denominator,
        CASE WHEN s.times_blank > 0 THEN 'end_time_blank' WHEN s.times_early > 0 THEN 'ends_early' END AS lacking,
        '按开展服务的学校' AS basis,
        p.maturity AS maturity,
        p.source_file AS source_file,
        p.source_sheet AS source_sheet,
        p.source_row AS source_row
    FROM profile AS p
    INNER JOIN service AS s ON s.school_id = p.school_id AND s.school_year = p.school_year
    WHERE p.is_open AND s.terms_offered > 0
    UNION ALL
    SELECT
        'after_school_service_demand' AS indicator_id,
        'requests' AS variant,
        p.area_code AS area_code,
        'all' AS segment,
        'school_year' AS period_kind,
        t.school_year AS period,
        p.school_id AS unit_id,
        p.school_name AS unit_name,
        CAST(t.served AS BIGINT) AS numerator,
        CAST(t.applied AS BIGINT) AS denominator,
        CASE WHEN t.served < t.applied THEN 'not_served' END AS lacking,
        '按申请人次' AS basis,
        CASE WHEN t.maturity = 'final' THEN p.maturity ELSE t.maturity END AS maturity,
        t.source_file AS source_file,
        t.source_sheet AS source_sheet,
        t.source_row AS source_row
    FROM terms AS t
    INNER JOIN profile AS p ON p.school_id = t.school_id AND p.school_year = t.school_year
    WHERE p.is_open
    UNION ALL
    SELECT
        'senior_high_boarding' AS indicator_id,
        'by_schools' AS variant,
        p.area_code AS area_code,
        'all' AS segment,
        'school_year' AS period_kind,
        p.school_year AS period,
        p.school_id AS unit_id,
        p.school_name AS unit_name,
        CAST(CASE WHEN p.is_boarding IS NULL THEN NULL WHEN p.is_boarding THEN 1 ELSE 0 END AS BIGINT) AS numerator,
        CAST(CASE WHEN p.is_boarding IS NULL THEN NULL ELSE 1 END AS BIGINT) AS denominator,
        CASE WHEN p.is_boarding IS NULL THEN 'not_reported' WHEN NOT p.is_boarding THEN 'not_boarding' END AS lacking,
        '按学校' AS basis,
        p.maturity AS maturity,
        p.source_file AS source_file,
        p.source_sheet AS source_sheet,
        p.source_row AS source_row
    FROM profile AS p
    WHERE p.is_open AND p.senior_pupils > 0
    UNION ALL
    SELECT
        'school_pairing_coverage' AS indicator_id,
        'rural_schools' AS variant,
        p.area_code AS area_code,
        'all' AS segment,
        'school_year' AS period_kind,
        p.school_year AS period,
        p.school_id AS unit_id,
        p.school_name AS unit_name,
        CAST(CASE WHEN r.pairings > 0 THEN 1 ELSE 0 END AS BIGINT) AS numerator,
        CAST(1 AS BIGINT) AS denominator,
        CASE WHEN r.pairings IS NULL OR r.pairings = 0 THEN 'not_paired' END AS lacking,
        '按乡村学校' AS basis,
        p.maturity AS maturity,
        p.source_file AS source_file,
        p.source_sheet AS source_sheet,
        p.source_row AS source_row
    FROM profile AS p
    INNER JOIN pairing_year AS y ON y.school_year = p.school_year
    LEFT JOIN paired AS r ON r.school_id = p.school_id AND r.school_year = p.school_year
    WHERE p.is_open AND p.is_rural AND NOT p.is_special AND p.primary_pupils + p.junior_pupils > 0
    UNION ALL
    SELECT
        'kindergarten_two_teachers_one_carer' AS indicator_id,
        'kindergartens' AS variant,
        p.area_code AS area_code,
        'all' AS segment,
        'school_year' AS period_kind,
        p.school_year AS period,
        p.school_id AS unit_id,
        p.school_name AS unit_name,
        CAST(
            CASE
                WHEN t.carers IS NULL OR c.classes IS NULL THEN NULL
                WHEN t.teachers >= 2 * c.classes AND t.carers >= c.classes THEN 1
                ELSE 0
            END AS BIGINT
        ) AS numerator,
        CAST(CASE WHEN t.carers IS NULL OR c.classes IS NULL THEN NULL ELSE 1 END AS BIGINT) AS denominator,
        CASE
            WHEN t.school_id IS NULL OR c.classes IS NULL THEN 'not_reported'
            WHEN t.carers IS NULL THEN 'carers_blank'
            WHEN t.teachers < 2 * c.classes OR t.carers < c.classes THEN 'too_few_staff'
        END AS lacking,
        '按园' AS basis,
        p.maturity AS maturity,
        p.source_file AS source_file,
        p.source_sheet AS source_sheet,
        p.source_row AS source_row
    FROM profile AS p
    INNER JOIN staff_area AS a ON a.area_code = p.area_code AND a.school_year = p.school_year
    INNER JOIN classes_area AS b ON b.area_code = p.area_code AND b.school_year = p.school_year
    LEFT JOIN kindergarten_staff AS t ON t.school_id = p.school_id AND t.school_year = p.school_year
    LEFT JOIN kindergarten_classes AS c ON c.school_id = p.school_id AND c.school_year = p.school_year
    WHERE p.is_open AND (c.classes > 0 OR (c.classes IS NULL AND SUBSTR(p.school_type, 1, 2) = '11'))
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
