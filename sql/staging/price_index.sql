-- 居民消费价格指数:一行一地区、年度。
-- A row is the consumer price index of an area and year, typed as received and placed in the present-day unit (area_code).
-- Source: return "price_index", see pipeline/intake/contracts/price_index.yaml.
SELECT
    t.area AS area,
    t.calendar_year AS calendar_year,
    t.cpi_prev_year_100 AS cpi_prev_year_100,
    t.source_title AS source_title,
    t.source_file AS source_file,
    t.source_sheet AS source_sheet,
    t.source_row AS source_row,
    t.period AS period,
    t.maturity AS maturity,
    t.origin AS origin,
    t.revision AS revision,
    t.area AS area_code
FROM raw.price_index AS t
