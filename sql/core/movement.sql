-- 学生变动:一行一县、学年、上学年所在年级的净转入与死亡。
-- A row is the net movement of the pupils who were in this grade the year before:
-- transfers in from the city's other units and from elsewhere, less transfers out, less deaths.
-- Transfers inside the unit cancel and are left out. Where a unit has returns by school in a year, they alone count.
WITH by_school AS (
    SELECT
        m.area_code AS area_code,
        m.school_year AS school_year
    FROM staging.pupil_movement AS m
    WHERE m.school_id IS NOT NULL
    GROUP BY m.area_code, m.school_year
)
SELECT
    m.area_code AS area_code,
    m.school_year AS school_year,
    m.grade AS grade,
    CAST(SUM(m.in_city + m.in_other - m.out_city - m.out_other - m.died) AS BIGINT) AS net_in,
    CAST(SUM(m.in_other - m.out_other - m.died) AS BIGINT) AS net_in_from_outside
FROM staging.pupil_movement AS m
LEFT JOIN by_school AS y ON y.area_code = m.area_code AND y.school_year = m.school_year
WHERE m.school_id IS NOT NULL OR y.area_code IS NULL
GROUP BY m.area_code, m.school_year, m.grade
