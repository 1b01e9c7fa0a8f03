-- 《方案》点名的单位:一行一指标、单位。
-- A row is a unit that a clause of the plan names: the only ones it binds, or the ones it leaves out.
-- Source: 《张家口市推进教育高质量发展实施方案》四(新建、改扩建幼儿园的六个单位)、七(蔚县西合营中学除外).
SELECT
    'kindergartens_built_2021' AS indicator_id,
    'only' AS relation,
    '张北县' AS unit_name
UNION ALL
SELECT
    'kindergartens_built_2021' AS indicator_id,
    'only' AS relation,
    '康保县' AS unit_name
UNION ALL
SELECT
    'kindergartens_built_2021' AS indicator_id,
    'only' AS relation,
    '尚义县' AS unit_name
UNION ALL
SELECT
    'kindergartens_built_2021' AS indicator_id,
    'only' AS relation,
    '蔚县' AS unit_name
UNION ALL
SELECT
    'kindergartens_built_2021' AS indicator_id,
    'only' AS relation,
    '阳原县' AS unit_name
UNION ALL
SELECT
    'kindergartens_built_2021' AS indicator_id,
    'only' AS relation,
    '张家口经济开发区' AS unit_name
UNION ALL
SELECT
    'senior_high_in_county_seat' AS indicator_id,
    'except' AS relation,
    '蔚县西合营中学' AS unit_name
UNION ALL
SELECT
    'senior_high_in_county_seat' AS indicator_id,
    'except' AS relation,
    '西合营中学' AS unit_name
