"""The quality gates as asset checks: each rule appears on the tables it guards.

An error, or a rule that could not be evaluated, stops everything downstream; warnings do not: that each
of them has a note is a rule of the last gate.
"""

import dagster as dg

from assets.common import WORKSHOP, asset_key, bench_of, place
from pipeline.inert import markdown
from pipeline.quality.gate import checks_for, load_rules
from pipeline.steps import GATES, hold_gate


def gate_checks(gate: int) -> dg.AssetChecksDefinition:
    """The checks of one gate: one spec a rule and table that it guards."""
    rules = {r.id: r for r in load_rules().rules}
    pairs = checks_for(gate)
    name = GATES[gate]

    @dg.multi_asset_check(
        name=name,
        specs=[
            dg.AssetCheckSpec(
                name=rule,
                asset=asset_key(table),
                blocking=rules[rule].severity == "error",
                description=f"{rules[rule].title_zh}\n{rules[rule].title_en}",
            )
            for rule, table in pairs
        ],
        required_resource_keys={WORKSHOP},
    )
    def gate_op(context: dg.AssetCheckExecutionContext):
        workshop = context.resources.workshop
        workshop.announce(name)
        bench = bench_of(context, workshop)
        with bench.store() as connection:
            result = hold_gate(bench, connection, gate)
        by_pair = {(o.rule, o.table): o for o in result.outcomes}
        for rule, table in pairs:
            outcome = by_pair[(rule, table)]
            found = result.of(rule, table)
            blocking = outcome.severity == "error" or outcome.outcome == "could_not_be_evaluated"
            yield dg.AssetCheckResult(
                asset_key=asset_key(table),
                check_name=rule,
                passed=outcome.outcome == "passed",
                severity=dg.AssetCheckSeverity.ERROR if blocking else dg.AssetCheckSeverity.WARN,
                metadata={
                    "outcome": outcome.outcome,
                    "checked_rows": outcome.checked,
                    "offending_rows": outcome.offending,
                    "findings": dg.MetadataValue.md(
                        "\n".join(f"- {markdown(f'{place(f)}: {f.message_zh}')}" for f in found[:20]) or "-"
                    ),
                },
            )

        crashed = sorted({o.rule for o in result.outcomes if o.outcome == "could_not_be_evaluated"})
        if crashed:
            raise dg.Failure(
                description=f"规则 {'、'.join(crashed)} 无法评价,不予发布 / could not be evaluated, nothing is published",
                allow_retries=False,
            )

    return gate_op
