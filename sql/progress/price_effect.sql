-- 价格因素(仅供参考):一行一只增不减承诺、单位、分组(报告年度比上年),名义增长与剔除价格因素后的增长。
-- A row is the nominal change of an amount against the year before on one basis, and the real change with the
-- consumer price index, both in percent: nominal = 100 x (x1 / x0 - 1); real = 100 x (x1 / x0 / (cpi / 100) - 1).
-- Information only: the promise says nothing about prices, so a real fall changes no class. The index is that of the
-- unit, else of the whole area, else of the nation (000000); without one the real change is empty.
WITH edition AS (
    SELECT
        e.area_code AS area_code
    FROM raw.edition AS e
),
verdict AS (
    SELECT
        v.commitment_id AS commitment_id,
        v.area_code AS area_code,
        v.segment AS segment,
        v.period AS period,
        v.value_num AS value_num,
        v.value_den AS value_den,
        v.previous_num AS previous_num,
        v.previous_den AS previous_den
    FROM progress.verdict AS v
    WHERE v.kind = 'never_decrease' AND v.is_reported AND v.value_num IS NOT NULL AND v.previous_num > 0
),
price AS (
    SELECT
        p.area_code AS area_code,
        p.calendar_year AS period,
        CAST(MAX(p.cpi_prev_year_100 * 100) AS DECIMAL(38, 0)) AS cpi
    FROM staging.price_index AS p
    GROUP BY p.area_code, p.calendar_year
),
priced AS (
    SELECT
        v.commitment_id AS commitment_id,
        v.area_code AS area_code,
        v.segment AS segment,
        v.period AS period,
        v.value_num * v.previous_den AS above,
        v.previous_num * v.value_den AS below,
        COALESCE(o.cpi, w.cpi, n.cpi) AS cpi,
        COALESCE(o.area_code, w.area_code, n.area_code) AS cpi_area
    FROM verdict AS v
    CROSS JOIN edition AS e
    LEFT JOIN price AS o ON o.area_code = v.area_code AND o.period = v.period
    LEFT JOIN price AS w ON w.area_code = e.area_code AND w.period = v.period
    LEFT JOIN price AS n ON n.area_code = '000000' AND n.period = v.period
)
SELECT
    p.commitment_id AS commitment_id,
    p.area_code AS area_code,
    p.segment AS segment,
    p.period - 1 AS from_period,
    p.period AS to_period,
    100 * (p.above - p.below) AS nominal_change_num,
    p.below AS nominal_change_den,
    p.cpi AS cpi_num,
    CASE WHEN p.cpi IS NOT NULL THEN CAST(100 AS DECIMAL(38, 0)) END AS cpi_den,
    p.cpi_area AS cpi_area,
    100 * (p.above * 10000 - p.below * p.cpi) AS real_change_num,
    p.below * p.cpi AS real_change_den,
    COALESCE(p.above >= p.below AND p.above * 10000 < p.below * p.cpi, FALSE) AS real_fall
FROM priced AS p
