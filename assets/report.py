"""The report and the published edition: model -> PDF -> data files, manifest, one rename."""

import json
import shutil

import dagster as dg

from assets.common import WORKSHOP, asset_key, bench_of
from pipeline.edition.manifest import edition_tables
from pipeline.programme import CODE_ROOT
from pipeline.session import NotMade, Workbench, release
from pipeline.steps import GATES

GROUP = "report"
TEMPLATES = CODE_ROOT / "report_templates"
NOTICE = "notice.zh.pdf"
MODEL_KEY = dg.AssetKey(["report", "model"])
PDF_KEY = dg.AssetKey(["report", "pdf_zh"])
EDITION_KEY = dg.AssetKey(["report", "edition"])


def report_assets(partitions: dg.PartitionsDefinition, code_version: str) -> list[dg.AssetsDefinition]:
    """Model, PDF and edition, each made from the one before."""

    common = {
        "group_name": GROUP,
        "code_version": code_version,
        "partitions_def": partitions,
        "required_resource_keys": {WORKSHOP},
    }

    @dg.asset(
        key=MODEL_KEY,
        # Every table of the edition, also those the report does not read: it may only be made of a whole edition.
        deps=[asset_key(table) for table in edition_tables()],
        description="报告模型:所有印出的数字与句子,一份 JSON\nThe report model: every printed figure and sentence",
        kinds={"json"},
        **common,
    )
    def model(context: dg.AssetExecutionContext):
        from pipeline.edition.gather import gather
        from pipeline.report.model import build_model

        workshop = context.resources.workshop
        workshop.announce("report.model")
        bench = bench_of(context, workshop)
        require_sound(bench)
        with bench.store() as connection:
            made = build_model(gather(bench, connection))
        path = bench.folder / "report" / "model.json"
        path.parent.mkdir(parents=True, exist_ok=True)
        text = made.model_dump_json(indent=1) + "\n"
        path.write_text(text, "utf-8")
        bench.stamp("report.model")
        return dg.MaterializeResult(
            metadata={
                "path": dg.MetadataValue.path(str(path)),
                "headline": dg.MetadataValue.md("\n".join(f"- {line}" for line in made.headline("zh"))),
            },
            data_version=dg.DataVersion(_sha256(text.encode())),
        )

    @dg.asset(
        key=PDF_KEY,
        deps=[MODEL_KEY],
        description="中文报告(PDF)\nThe report in Chinese (PDF)",
        kinds={"pdf"},
        **common,
    )
    def pdf_zh(context: dg.AssetExecutionContext):
        from pipeline.edition.attached import prepare_attached
        from pipeline.report.model import ReportModel
        from pipeline.report.render import render_notice, render_pdf

        workshop = context.resources.workshop
        workshop.announce("report.pdf_zh")
        bench = bench_of(context, workshop)
        require_sound(bench, "report.model")
        text = (bench.folder / "report" / "model.json").read_text("utf-8")
        path = bench.folder / "report" / "report.zh.pdf"
        with bench.store() as connection:
            attached = prepare_attached(bench, connection)
        made = ReportModel.model_validate_json(text)
        result = render_pdf(made, TEMPLATES, path, attached=attached)
        notice = path.with_name(NOTICE)
        notice.unlink(missing_ok=True)
        render_notice(made, TEMPLATES, notice)
        bench.stamp("report.pdf_zh")
        return dg.MaterializeResult(
            metadata={
                "path": dg.MetadataValue.path(str(path)),
                "pages": result.pages,
                "size_bytes": path.stat().st_size,
            },
            data_version=dg.DataVersion(_sha256(path.read_bytes())),
        )

    @dg.asset(
        key=EDITION_KEY,
        deps=[PDF_KEY],
        description="发布的版本:报告、公开数据、清单,一次改名完成\nThe published edition, one atomic rename",
        kinds={"file"},
        **common,
    )
    def edition(context: dg.AssetExecutionContext):
        from pipeline.edition.attached import prepared_data, prepared_manifest
        from pipeline.edition.identity import input_registrations, reference_files, replaced_registrations
        from pipeline.edition.manifest import with_outputs
        from pipeline.edition.publish import publish
        from pipeline.proof.keep import keep_inputs

        workshop = context.resources.workshop
        workshop.announce("edition")
        bench = bench_of(context, workshop)
        require_sound(bench, "report.model", "report.pdf_zh")
        stage = bench.stage_folder
        shutil.rmtree(stage, ignore_errors=True)
        stage.mkdir(parents=True)
        shutil.copyfile(bench.folder / "report" / "report.zh.pdf", stage / "report.zh.pdf")
        if (notice := bench.folder / "report" / NOTICE).is_file():
            shutil.copyfile(notice, stage / NOTICE)
        shutil.copytree(prepared_data(bench), stage / "data")
        manifest = with_outputs(prepared_manifest(bench), stage)
        keep_inputs(
            bench.programme.root,
            [
                *input_registrations(bench.programme, bench.year),
                *replaced_registrations(bench.programme, bench.year),
            ],
            reference_files(bench.programme),
            bench.home.editions / bench.programme.id,
        )
        result = publish(stage, bench.home.editions, manifest)
        (bench.folder / "published.json").write_text(
            json.dumps({"folder": str(result.folder), "revision": result.revision, "is_new": result.is_new}), "utf-8"
        )
        release(bench.folder)
        return dg.MaterializeResult(
            metadata={
                "path": dg.MetadataValue.path(str(result.folder)),
                "revision": result.revision,
                "new": result.is_new,
                "data_status": manifest["data_status"],
                "vintage_id": bench.identity.vintage_id,
                "build_id": bench.identity.build_id,
                "verdicts": dg.MetadataValue.json(manifest["verdicts"]),
            },
            data_version=dg.DataVersion(_sha256(json.dumps(manifest, sort_keys=True).encode())),
        )

    return [model, pdf_zh, edition]


def require_sound(bench: Workbench, *more: str) -> None:
    """Failure unless every table, gate and earlier report step belongs to the present inputs and code."""
    try:
        bench.require_made([*edition_tables(), *GATES.values(), *more])
    except NotMade as problem:
        raise dg.Failure(description=str(problem), allow_retries=False) from None


def _sha256(data: bytes) -> str:
    import hashlib

    return hashlib.sha256(data).hexdigest()
