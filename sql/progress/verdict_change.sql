-- 与上年相比:一行一承诺、单位、分组,上年报告的结论、上年结论按现有数据重判、今年结论,以及变化的原因。
-- A row holds the class in the previous reporting year as that year's edition judged it (previous_class), the class of
-- that same year as it is judged now (restated_class), and the class of this year. What that edition knew are the
-- files received before its year was closed (raw.earlier_verdict, empty where nothing of a closed year was corrected
-- since); it is judged by the rules of today.
-- by_restatement: the two classes of the same year differ, so figures of a closed year were corrected.
-- by_new_year: this year's class is not last year's as judged now. by_method: the plan lists a change of rule,
-- threshold or reading for this edition (method_changes), or the figure stands on another basis than last year.
-- cause: method, else restatement (this year's class is that of the corrected year), else data; none without a change.
WITH commitment AS (
    SELECT
        c.id AS commitment_id,
        c.reported_period AS period,
        c.previous_reported_period AS previous_period,
        c.first_judged AS first_judged,
        c.method_changed AS method_changed
    FROM raw.commitment AS c
),
verdict AS (
    SELECT
        v.commitment_id AS commitment_id,
        v.area_code AS area_code,
        v.segment AS segment,
        v.period AS period,
        v.is_reported AS is_reported,
        v.is_total AS is_total,
        v.assessed AS assessed,
        v.basis AS basis,
        v.class AS class,
        v.reason AS reason,
        v.value_num AS value_num,
        v.value_den AS value_den
    FROM progress.verdict AS v
),
earlier AS (
    SELECT
        e.commitment_id AS commitment_id,
        e.area_code AS area_code,
        e.segment AS segment,
        e.period AS period,
        e.class AS class,
        e.reason AS reason,
        e.value_num AS value_num,
        e.value_den AS value_den
    FROM raw.earlier_verdict AS e
),
known AS (
    SELECT
        COUNT(e.commitment_id) > 0 AS corrected
    FROM earlier AS e
),
joined AS (
    SELECT
        v.commitment_id AS commitment_id,
        v.area_code AS area_code,
        v.segment AS segment,
        c.previous_period AS previous_period,
        v.period AS period,
        v.is_total AS is_total,
        v.assessed AS assessed,
        v.class AS class,
        v.reason AS reason,
        v.value_num AS value_num,
        v.value_den AS value_den,
        l.class AS restated_class,
        l.value_num AS restated_num,
        l.value_den AS restated_den,
        CASE WHEN k.corrected THEN e.class ELSE l.class END AS previous_class,
        CASE WHEN k.corrected THEN e.reason ELSE l.reason END AS previous_reason,
        CASE WHEN k.corrected THEN e.value_num ELSE l.value_num END AS previous_num,
        CASE WHEN k.corrected THEN e.value_den ELSE l.value_den END AS previous_den,
        c.previous_period < v.period AS is_new_year,
        c.previous_period >= c.first_judged AND v.assessed AS was_judged,
        COALESCE(c.method_changed, FALSE) AS method_changed,
        COALESCE(l.basis <> v.basis, FALSE) AS other_basis
    FROM verdict AS v
    INNER JOIN commitment AS c ON c.commitment_id = v.commitment_id
    CROSS JOIN known AS k
    LEFT JOIN verdict AS l
        ON l.commitment_id = v.commitment_id AND l.area_code = v.area_code AND l.segment = v.segment
        AND l.period = c.previous_period
    LEFT JOIN earlier AS e
        ON e.commitment_id = v.commitment_id AND e.area_code = v.area_code AND e.segment = v.segment
        AND e.period = c.previous_period
    WHERE v.is_reported
),
classed AS (
    SELECT
        j.commitment_id AS commitment_id,
        j.area_code AS area_code,
        j.segment AS segment,
        j.previous_period AS previous_period,
        j.period AS period,
        j.is_total AS is_total,
        j.assessed AS assessed,
        -- a year that was due and has no value was without judgement then
        CASE WHEN j.was_judged THEN COALESCE(j.previous_class, 'no_judgement') END AS previous_class,
        CASE WHEN j.was_judged THEN CASE WHEN j.previous_class IS NULL THEN 'no_value' ELSE j.previous_reason END END
            AS previous_reason,
        CASE WHEN j.was_judged THEN COALESCE(j.restated_class, 'no_judgement') END AS restated_class,
        j.class AS class,
        j.reason AS reason,
        j.previous_num AS previous_num,
        j.previous_den AS previous_den,
        j.restated_num AS restated_num,
        j.restated_den AS restated_den,
        j.value_num AS value_num,
        j.value_den AS value_den,
        j.is_new_year AS is_new_year,
        j.method_changed OR j.other_basis AS is_other_method
    FROM joined AS j
),
told AS (
    SELECT
        k.commitment_id AS commitment_id,
        k.area_code AS area_code,
        k.segment AS segment,
        COALESCE(k.previous_class <> k.class, FALSE) AS changed,
        COALESCE(k.previous_class <> k.restated_class, FALSE) AS by_restatement,
        COALESCE(k.is_new_year AND k.restated_class <> k.class, FALSE) AS by_new_year,
        COALESCE(k.previous_class <> k.class AND k.is_other_method, FALSE) AS by_method
    FROM classed AS k
)
SELECT
    k.commitment_id AS commitment_id,
    k.area_code AS area_code,
    k.segment AS segment,
    k.previous_period AS previous_period,
    k.period AS period,
    k.is_total AS is_total,
    k.assessed AS assessed,
    k.previous_class AS previous_class,
    k.previous_reason AS previous_reason,
    k.restated_class AS restated_class,
    k.class AS class,
    k.reason AS reason,
    k.previous_num AS previous_num,
    k.previous_den AS previous_den,
    k.restated_num AS restated_num,
    k.restated_den AS restated_den,
    k.value_num AS value_num,
    k.value_den AS value_den,
    COALESCE(o.severity, 0) AS previous_severity,
    COALESCE(n.severity, 0) AS severity,
    t.changed AS changed,
    t.by_new_year AS by_new_year,
    t.by_restatement AS by_restatement,
    t.by_method AS by_method,
    CASE
        WHEN k.previous_class IS NULL THEN 'not_judged_before'
        WHEN NOT t.changed THEN 'none'
        WHEN t.by_method THEN 'method'
        WHEN t.by_restatement AND NOT t.by_new_year THEN 'restatement'
        ELSE 'data'
    END AS cause
FROM classed AS k
INNER JOIN told AS t ON t.commitment_id = k.commitment_id AND t.area_code = k.area_code AND t.segment = k.segment
LEFT JOIN progress.class_colour AS o ON o.class = k.previous_class
LEFT JOIN progress.class_colour AS n ON n.class = k.class
