"""A snapshot of what Dagster is told: reviewers see a changed key, dependency or check as a changed line."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace

import dagster as dg
import pytest

from assets.common import bench_of
from pipeline.definitions import build_defs
from pipeline.jobs import ANNUAL_REPORT, PUBLIC_REPORT
from pipeline.programme import CODE_ROOT, Home
from pipeline.session import Workshop

SNAPSHOT = Path(__file__).parent / "definitions_snapshot.txt"


def snapshot() -> str:
    defs = build_defs(Home(CODE_ROOT))
    graph = defs.resolve_asset_graph()
    lines = []
    for key in sorted(graph.get_all_asset_keys(), key=lambda k: k.path):
        node = graph.get(key)
        parents = ", ".join("/".join(p.path) for p in sorted(node.parent_keys, key=lambda k: k.path))
        lines.append(f"{node.group_name}: {'/'.join(key.path)} <- {parents or '-'}")
    for key in sorted(graph.asset_check_keys, key=lambda k: (k.asset_key.path, k.name)):
        lines.append(f"check {'/'.join(key.asset_key.path)} {key.name}")
    for job in sorted(defs.resolve_all_job_defs(), key=lambda j: j.name):
        if not job.name.startswith("__"):
            lines.append(f"job {job.name}: {len(job.nodes)} steps")
    (partitions,) = {graph.get(k).partitions_def for k in graph.get_all_asset_keys()}
    assert isinstance(partitions, dg.StaticPartitionsDefinition)
    lines.append("partitions " + " ".join(partitions.get_partition_keys()))
    return "\n".join(lines) + "\n"


def test_snapshot():
    assert snapshot() == SNAPSHOT.read_text("utf-8"), (
        "the definitions changed; if that is meant, write the new snapshot: python -m tests.test_definitions"
    )


def test_every_asset_has_description_code_version_and_group():
    graph = build_defs(Home(CODE_ROOT)).resolve_asset_graph()
    for key in graph.get_all_asset_keys():
        node = graph.get(key)
        assert node.description and node.code_version, key
        assert node.group_name in {"received", "staging", "core", "indicators", "progress", "report"}


def test_the_public_job_works_apart_from_the_annual_one():
    """Same assets; the tag of its runs sends them to folders of their own."""
    home = Home(CODE_ROOT)
    defs = build_defs(home)
    annual, public = (defs.resolve_job_def(name) for name in (ANNUAL_REPORT, PUBLIC_REPORT))
    assert {n.name for n in annual.nodes} == {n.name for n in public.nodes}
    workshop = Workshop(home)
    folders = []
    for job in (annual, public):
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr("assets.common.hold", lambda folder, patience=0.0: None)
            tags = {"dagster/partition": "china-2023", **job.tags}
            bench = bench_of(SimpleNamespace(run=SimpleNamespace(tags=tags)), workshop)  # type: ignore[arg-type]
        folders.append((bench.home.audience, bench.folder.name, bench.home.editions.name))
    assert folders == [("internal", "china-2023", "editions"), ("public", "china-2023-public", "editions_public")]


if __name__ == "__main__":
    SNAPSHOT.write_text(snapshot(), "utf-8")
