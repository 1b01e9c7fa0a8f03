-- 公开数据:距目标的缺额:报告年度现分母、到期年度分母下的缺额,金额须提高的份额(精确分数)。
SELECT
    e.data_status AS data_status,
    x.commitment_id AS commitment_id,
    x.area_code AS area_code,
    a.name_zh AS area_name_zh,
    a.name_en AS area_name_en,
    x.segment AS segment,
    x.period AS period,
    x.is_total AS is_total,
    x.assessed AS assessed,
    x.denominator_counts AS denominator_counts,
    x.numerator AS numerator,
    x.denominator AS denominator,
    x.gap_persons AS gap_persons,
    x.surplus_persons AS surplus_persons,
    x.due_period AS due_period,
    x.due_denominator AS due_denominator,
    x.due_known_from AS due_known_from,
    x.due_gap_persons AS due_gap_persons,
    x.due_surplus_persons AS due_surplus_persons,
    x.raise_num AS raise_num,
    x.raise_den AS raise_den,
    e.vintage_id AS vintage_id
FROM progress.gap AS x
CROSS JOIN raw.edition AS e
LEFT JOIN core.area AS a ON a.area_code = x.area_code
ORDER BY x.commitment_id, x.area_code, x.segment
