-- 公开数据:修订三角,一行一主要指标、年度、报告年度(版本)。
SELECT
    e.data_status AS data_status,
    x.commitment_id AS commitment_id,
    x.period AS period,
    x.edition AS edition,
    x.reported_year AS reported_year,
    x.is_newest AS is_newest,
    x.class AS class,
    x.reason AS reason,
    x.value_num AS value_num,
    x.value_den AS value_den,
    x.flag_preliminary AS flag_preliminary,
    x.before_edition AS before_edition,
    x.before_class AS before_class,
    x.before_reason AS before_reason,
    x.before_num AS before_num,
    x.before_den AS before_den,
    x.corrected AS corrected,
    x.last_class AS last_class,
    x.flipped AS flipped,
    x.cause AS cause,
    x.cause_files AS cause_files,
    x.cause_rows AS cause_rows,
    x.cause_reason AS cause_reason,
    e.rule_version AS rule_version,
    e.vintage_id AS vintage_id
FROM progress.revision AS x
CROSS JOIN raw.edition AS e
ORDER BY x.commitment_id, x.period, x.edition
