-- 公布总量:一行一单位、学年、统计项。
-- A row is one count as published (converted from ten thousands where it was printed so).
SELECT
    p.area_code AS area_code,
    p.school_year AS school_year,
    p.measure AS measure,
    p.count AS count,
    p.source_title AS source_title,
    p.derivation AS derivation,
    p.maturity AS maturity
FROM staging.published_counts AS p
