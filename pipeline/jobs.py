"""The two jobs: the annual report, and the check of the inputs that comes before it."""

from __future__ import annotations

import dagster as dg

ANNUAL_REPORT = "annual_report"
CHECK_INPUTS = "check_inputs"
INPUT_GROUPS = ("received", "staging", "core")


def annual_report() -> dg.UnresolvedAssetJobDefinition:
    """Everything, from the received files to the published edition."""
    return dg.define_asset_job(
        ANNUAL_REPORT,
        selection=dg.AssetSelection.all(),
        description="年度监测报告:从收到的报表到发布的版本 / the annual run, from returns to the published edition",
    )


def check_inputs() -> dg.UnresolvedAssetJobDefinition:
    """Received, staging and core with gates 1 and 2: judges nothing, publishes nothing."""
    return dg.define_asset_job(
        CHECK_INPUTS,
        selection=dg.AssetSelection.groups(*INPUT_GROUPS),
        description="只检查收到的报表,不判定、不发布 / checks the received returns only",
    )
