-- 技工学校在校生:一行一县一学年(人社部门数据,不在教育事业统计名录内)。
-- A row is the pupils of the technical schools of one unit in one school year (human-resources statistics).
SELECT
    t.area_code AS area_code,
    t.school_year AS school_year,
    CAST(SUM(t.pupils) AS BIGINT) AS pupils
FROM staging.technical_school_enrolment AS t
GROUP BY t.area_code, t.school_year
