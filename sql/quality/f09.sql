-- F09 方案写明除外的学校在学校名录中找得到。
-- A row is one school that a commitment leaves out by name and that no register handed in has: it would be counted. value is
-- the name, expected the three registered names with most pairs of neighbouring characters in common (the shorter first),
-- detail the commitment.
WITH school AS (
    SELECT
        s.school_name AS school_name,
        MIN(s.school_id) AS school_id
    FROM staging.school_register AS s
    WHERE s.school_name IS NOT NULL
    GROUP BY s.school_name
),
unknown AS (
    SELECT
        c.id AS commitment_id,
        n.pattern AS name
    FROM raw.plan_name AS n
    INNER JOIN raw.commitment AS c ON c.indicator_id = n.indicator_id
    LEFT JOIN school AS s ON s.school_name = n.pattern
    WHERE n.relation = 'except' AND s.school_name IS NULL
),
digit AS (
    SELECT 0 AS n UNION ALL SELECT 1 AS n UNION ALL SELECT 2 AS n UNION ALL SELECT 3 AS n UNION ALL SELECT 4 AS n
    UNION ALL SELECT 5 AS n UNION ALL SELECT 6 AS n UNION ALL SELECT 7 AS n UNION ALL SELECT 8 AS n UNION ALL SELECT 9 AS n
),
-- more than any name of a school is long
position AS (
    SELECT
        100 * h.n + 10 * t.n + o.n + 1 AS n
    FROM digit AS h
    CROSS JOIN digit AS t
    CROSS JOIN digit AS o
),
pair AS (
    SELECT
        u.name AS name,
        SUBSTRING(u.name, p.n, 2) AS letters
    FROM unknown AS u
    INNER JOIN position AS p ON p.n < LENGTH(u.name)
    GROUP BY u.name, SUBSTRING(u.name, p.n, 2)
),
near AS (
    SELECT
        p.name AS name,
        s.school_name AS school_name,
        ROW_NUMBER() OVER (PARTITION BY p.name ORDER BY COUNT(*) DESC, LENGTH(s.school_name), MIN(s.school_id)) AS place
    FROM pair AS p
    INNER JOIN school AS s ON s.school_name LIKE '%' || p.letters || '%'
    GROUP BY p.name, s.school_name
),
nearest AS (
    SELECT
        n.name AS name,
        MAX(CASE WHEN n.place = 1 THEN n.school_name END)
            || COALESCE('、' || MAX(CASE WHEN n.place = 2 THEN n.school_name END), '')
            || COALESCE('、' || MAX(CASE WHEN n.place = 3 THEN n.school_name END), '') AS names
    FROM near AS n
    WHERE n.place <= 3
    GROUP BY n.name
)
SELECT
    'staging.school_register' AS table_name,
    '' AS source_file,
    '' AS source_sheet,
    CAST(NULL AS INTEGER) AS source_row,
    'school_name' AS column_name,
    u.name AS value,
    e.area_code AS area_code,
    CAST(e.year AS VARCHAR) AS period,
    COALESCE(n.names, '—') AS expected,
    u.commitment_id AS detail
FROM unknown AS u
CROSS JOIN raw.edition AS e
LEFT JOIN nearest AS n ON n.name = u.name
