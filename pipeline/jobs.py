"""The two jobs: the annual report, and the check of the inputs that comes before it."""

from __future__ import annotations

import dagster as dg

ANNUAL_REPORT = "annual_report"
CHECK_INPUTS = "check_inputs"
INPUT_GROUPS = ("received", "staging", "core", "indicators", "progress")


def annual_report() -> dg.UnresolvedAssetJobDefinition:
    """Everything, from the received files to the published edition."""
    return dg.define_asset_job(
        ANNUAL_REPORT,
        selection=dg.AssetSelection.all(),
        description="年度监测报告:从收到的报表到发布的版本 / the annual run, from returns to the published edition",
    )


def check_inputs() -> dg.UnresolvedAssetJobDefinition:
    """Everything up to the verdicts with all three gates: makes no report, publishes nothing."""
    return dg.define_asset_job(
        CHECK_INPUTS,
        selection=dg.AssetSelection.groups(*INPUT_GROUPS),
        description="检查收到的报表和算出的结果,不出报告、不发布 / checks returns and results; no report, nothing published",
    )
