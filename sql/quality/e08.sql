-- E08 每个结论都带有规则版本、数据版本和构建版本。
-- A row is one verdict whose rule version, vintage or build is missing or not that of this edition.
WITH edition AS (
    SELECT
        e.rule_version AS rule_version,
        e.vintage_id AS vintage_id,
        e.build_id AS build_id
    FROM raw.edition AS e
),
stamped AS (
    SELECT v.commitment_id AS commitment_id, v.segment AS segment, v.area_code AS area_code,
        v.period AS period, 'rule_version' AS column_name, v.rule_version AS stated, e.rule_version AS wanted
    FROM progress.verdict AS v
    CROSS JOIN edition AS e
    WHERE v.class IS NOT NULL
    UNION ALL
    SELECT v.commitment_id AS commitment_id, v.segment AS segment, v.area_code AS area_code,
        v.period AS period, 'vintage_id' AS column_name, v.vintage_id AS stated, e.vintage_id AS wanted
    FROM progress.verdict AS v
    CROSS JOIN edition AS e
    WHERE v.class IS NOT NULL
    UNION ALL
    SELECT v.commitment_id AS commitment_id, v.segment AS segment, v.area_code AS area_code,
        v.period AS period, 'build_id' AS column_name, v.build_id AS stated, e.build_id AS wanted
    FROM progress.verdict AS v
    CROSS JOIN edition AS e
    WHERE v.class IS NOT NULL
)
SELECT
    'progress.verdict' AS table_name,
    '' AS source_file,
    '' AS source_sheet,
    CAST(NULL AS INTEGER) AS source_row,
    s.column_name AS column_name,
    s.stated AS value,
    s.area_code AS area_code,
    CAST(s.period AS VARCHAR) AS period,
    s.wanted AS expected,
    s.commitment_id || ' ' || s.segment AS detail
FROM stamped AS s
WHERE s.stated IS NULL OR s.wanted IS NULL OR s.stated <> s.wanted
