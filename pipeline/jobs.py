"""The jobs: the annual report, the same for the public, and the check of the inputs that comes before it."""

from __future__ import annotations

import dagster as dg

ANNUAL_REPORT = "annual_report"
PUBLIC_REPORT = "public_report"
CHECK_INPUTS = "check_inputs"
AUDIENCE_TAG = "jiance/audience"
"""Tag of a run: ``public`` where its edition is for the public."""

MADE_WHOLE = {"dagster/retry_strategy": "ALL_STEPS"}
"""A run that died is made again from its first step: what it left in the working database is not to be relied on."""

INPUT_GROUPS = ("received", "staging", "core", "indicators", "progress")


def annual_report() -> dg.UnresolvedAssetJobDefinition:
    """Everything, from the received files to the published edition."""
    return dg.define_asset_job(
        ANNUAL_REPORT,
        selection=dg.AssetSelection.all(),
        tags=MADE_WHOLE,
        description="年度监测报告:从收到的报表到发布的版本 / the annual run, from returns to the published edition",
    )


def public_report() -> dg.UnresolvedAssetJobDefinition:
    """The annual run for the public: the same assets, worked on and published in folders of their own."""
    return dg.define_asset_job(
        PUBLIC_REPORT,
        selection=dg.AssetSelection.all(),
        tags=MADE_WHOLE | {AUDIENCE_TAG: "public"},
        description="公开版:同样的数据,隐去人数过少的数值和单位名称,发布到 editions_public/ / "
        "the edition for the public, published in editions_public/",
    )


def check_inputs() -> dg.UnresolvedAssetJobDefinition:
    """Everything up to the verdicts with all three gates: makes no report, publishes nothing."""
    return dg.define_asset_job(
        CHECK_INPUTS,
        selection=dg.AssetSelection.groups(*INPUT_GROUPS),
        description="检查收到的报表和算出的结果,不出报告、不发布 / checks returns and results; no report, nothing published",
    )
