-- 公开数据:报告年度未达到全覆盖、下限的单位逐一列名,及所缺事项(不列人数:校级小数不公开)。
-- Names and what is lacking only: numbers of single schools are too small to be published. Once, however many commitments
-- rest on the figure.
WITH reported AS (
    SELECT
        c.indicator_id AS indicator_id,
        c.reported_period AS period
    FROM raw.commitment AS c
    GROUP BY c.indicator_id, c.reported_period
)
SELECT
    e.data_status AS data_status,
    x.indicator_id AS indicator_id,
    x.area_code AS area_code,
    a.name_zh AS area_name_zh,
    a.name_en AS area_name_en,
    x.period_kind AS period_kind,
    x.period AS period,
    x.unit_id AS unit_id,
    x.unit_name AS unit_name,
    x.lacking AS lacking,
    x.lacking_zh AS lacking_zh,
    x.lacking_en AS lacking_en,
    e.vintage_id AS vintage_id
FROM core.exception AS x
CROSS JOIN raw.edition AS e
INNER JOIN reported AS c ON c.indicator_id = x.indicator_id AND c.period = x.period
LEFT JOIN core.area AS a ON a.area_code = x.area_code
ORDER BY x.indicator_id, x.period, x.area_code, x.unit_id, x.lacking
