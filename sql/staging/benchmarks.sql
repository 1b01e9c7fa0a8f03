-- 全国、全省对照值:一行一指标、地区、年度、口径。
-- A row is one benchmark of an area and year, typed as received and placed in the present-day unit (area_code).
-- Source: return "benchmarks", see pipeline/intake/contracts/benchmarks.yaml.
SELECT
    t.indicator_id AS indicator_id,
    t.area AS area,
    t.year AS year,
    t.basis AS basis,
    t.value AS value,
    t.unit AS unit,
    t.source_title AS source_title,
    t.url AS url,
    t.published_on AS published_on,
    t.source_file AS source_file,
    t.source_sheet AS source_sheet,
    t.source_row AS source_row,
    t.period AS period,
    t.maturity AS maturity,
    t.origin AS origin,
    t.revision AS revision,
    t.area AS area_code
FROM raw.benchmarks AS t
