-- D12 口径不同的两年不作增减判定。
-- A row is one judged year of a never-decrease commitment that has nothing on its own basis to be
-- compared with: the year before stands on another basis (or is not there), and its release gives
-- neither the previous value nor the change on the same basis. Read from the bases themselves, not from
-- the verdict's own flag.
WITH verdict AS (
    SELECT
        v.commitment_id AS commitment_id,
        v.indicator_id AS indicator_id,
        v.area_code AS area_code,
        v.segment AS segment,
        v.period_kind AS period_kind,
        v.period AS period,
        v.value_source AS value_source,
        v.basis AS basis,
        v.class AS class
    FROM progress.verdict AS v
    WHERE v.kind = 'never_decrease'
),
released AS (
    SELECT
        c.indicator_id AS indicator_id,
        c.area_code AS area_code,
        c.segment AS segment,
        c.period_kind AS period_kind,
        c.period AS period,
        MAX(CASE
            WHEN c.same_basis_previous_micro IS NOT NULL OR c.same_basis_change_micro IS NOT NULL THEN 1
            ELSE 0
        END) AS same_basis
    FROM core.certified_value AS c
    GROUP BY c.indicator_id, c.area_code, c.segment, c.period_kind, c.period
)
SELECT
    'progress.verdict' AS table_name,
    '' AS source_file,
    '' AS source_sheet,
    CAST(NULL AS INTEGER) AS source_row,
    'basis' AS column_name,
    v.basis AS value,
    v.area_code AS area_code,
    CAST(v.period AS VARCHAR) AS period,
    COALESCE(l.basis, '-') AS expected,
    v.commitment_id || ' ' || v.segment AS detail
FROM verdict AS v
LEFT JOIN verdict AS l
    ON l.commitment_id = v.commitment_id AND l.area_code = v.area_code AND l.segment = v.segment
    AND l.period = v.period - 1
LEFT JOIN released AS r
    ON r.indicator_id = v.indicator_id AND r.area_code = v.area_code AND r.segment = v.segment
    AND r.period_kind = v.period_kind AND r.period = v.period AND v.value_source = 'certified'
WHERE v.class IS NOT NULL
    AND v.class <> 'no_judgement'
    AND (l.basis IS NULL OR v.basis IS NULL OR l.basis <> v.basis)
    AND COALESCE(r.same_basis, 0) = 0
