"""The report and the published edition: model -> its faces -> data files, manifest, one rename."""

import json
import shutil
from typing import TYPE_CHECKING

import dagster as dg

from assets.common import WORKSHOP, asset_key, bench_of
from pipeline.edition.manifest import canonical_json, edition_tables
from pipeline.programme import CODE_ROOT
from pipeline.session import NotMade, Workbench, release
from pipeline.steps import GATES

if TYPE_CHECKING:
    from pipeline.report.shapes import Lang, ReportModel

GROUP = "report"
TEMPLATES = CODE_ROOT / "report_templates"
NOTICE = "notice.zh.pdf"
MODEL_KEY = dg.AssetKey(["report", "model"])
PDF_KEYS = {lang: dg.AssetKey(["report", f"pdf_{lang}"]) for lang in ("zh", "en")}
PDF_WORDS = {
    "zh": "中文报告(PDF)\nThe report in Chinese (PDF)",
    "en": "英文报告(PDF)\nThe report in English (PDF)",
}
# What an edition publishes of the report, and the file of the working folder that it is.
PUBLISHED = {"report.json": "model.json", "tables.xlsx": "tables.xlsx"} | {
    name: name for lang in PDF_KEYS for name in (f"report.{lang}.pdf", f"report.{lang}.html")
}
PAGES_KEY = dg.AssetKey(["report", "pages"])
TABLES_KEY = dg.AssetKey(["report", "tables"])
NOTICE_KEY = dg.AssetKey(["report", "notice"])
FACE_KEYS = [*PDF_KEYS.values(), NOTICE_KEY, PAGES_KEY, TABLES_KEY]
EDITION_KEY = dg.AssetKey(["report", "edition"])


def report_assets(partitions: dg.PartitionsDefinition, code_version: str) -> list[dg.AssetsDefinition]:
    """The model, its faces, and the edition that holds them."""

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
        from pipeline.edition.attached import prepare_attached
        from pipeline.edition.gather import gather
        from pipeline.report.model import build_model

        workshop = context.resources.workshop
        workshop.announce("report.model")
        bench = bench_of(context, workshop)
        require_sound(bench)
        with bench.store() as connection:
            with bench.shown(connection):
                made = build_model(gather(bench, connection))
            path = bench.folder / "report" / "model.json"
            path.parent.mkdir(parents=True, exist_ok=True)
            text = canonical_json(made.model_dump(mode="json"))
            path.write_text(text, "utf-8")
            prepare_attached(bench, connection, package_identity(made))
        bench.stamp("report.model")
        return dg.MaterializeResult(
            metadata={
                "path": dg.MetadataValue.path(str(path)),
                "headline": dg.MetadataValue.md("\n".join(f"- {line}" for line in made.headline("zh"))),
            },
            data_version=dg.DataVersion(_sha256(text.encode())),
        )

    def pdf(lang: "Lang") -> dg.AssetsDefinition:
        """The report as a PDF in one language."""
        step = f"report.pdf_{lang}"

        @dg.asset(
            key=PDF_KEYS[lang],
            deps=[MODEL_KEY],
            description=PDF_WORDS[lang],
            kinds={"pdf"},
            **common,
        )
        def made(context: dg.AssetExecutionContext):
            from pipeline.edition.attached import attached_files
            from pipeline.report.render import render_pdf

            workshop = context.resources.workshop
            workshop.announce(step)
            bench = bench_of(context, workshop)
            require_sound(bench, "report.model")
            path = bench.folder / "report" / f"report.{lang}.pdf"
            result = render_pdf(model_of(bench), TEMPLATES, path, lang, attached_files(bench))
            bench.stamp(step)
            return dg.MaterializeResult(
                metadata={
                    "path": dg.MetadataValue.path(str(path)),
                    "pages": result.pages,
                    "size_bytes": path.stat().st_size,
                },
                data_version=dg.DataVersion(_sha256(path.read_bytes())),
            )

        return made

    @dg.asset(
        key=NOTICE_KEY,
        deps=[MODEL_KEY],
        description="印发报告的通知(PDF),方案写明时才有\nThe covering notice (PDF), where the plan asks for one",
        kinds={"pdf"},
        **common,
    )
    def notice(context: dg.AssetExecutionContext):
        from pipeline.edition.attached import MODEL, PART, attached_files
        from pipeline.report.render import render_notice

        workshop = context.resources.workshop
        workshop.announce("report.notice")
        bench = bench_of(context, workshop)
        require_sound(bench, "report.model")
        path = bench.folder / "report" / NOTICE
        path.unlink(missing_ok=True)
        carried = [each for each in attached_files(bench) if each.name in (MODEL, PART)]
        result = render_notice(model_of(bench), TEMPLATES, path, carried)
        bench.stamp("report.notice")
        return dg.MaterializeResult(
            metadata={"pages": 0 if result is None else result.pages},
            data_version=dg.DataVersion("none" if result is None else _sha256(path.read_bytes())),
        )

    @dg.asset(
        key=PAGES_KEY,
        deps=[MODEL_KEY],
        description="网页报告,中文和英文\nThe report as web pages, Chinese and English",
        kinds={"html"},
        **common,
    )
    def pages(context: dg.AssetExecutionContext):
        from pipeline.report.web import web_page

        workshop = context.resources.workshop
        workshop.announce("report.pages")
        bench = bench_of(context, workshop)
        require_sound(bench, "report.model")
        made = model_of(bench)
        texts = {lang: web_page(made, TEMPLATES, lang).encode() for lang in PDF_KEYS}
        for lang, text in texts.items():
            (bench.folder / "report" / f"report.{lang}.html").write_bytes(text)
        bench.stamp("report.pages")
        return dg.MaterializeResult(data_version=dg.DataVersion(_sha256(b"".join(texts.values()))))

    @dg.asset(
        key=TABLES_KEY,
        deps=[MODEL_KEY],
        description="报告的全部表格(XLSX)\nEvery table of the report as a workbook",
        kinds={"excel"},
        **common,
    )
    def tables(context: dg.AssetExecutionContext):
        from pipeline.report.workbook import workbook_bytes

        workshop = context.resources.workshop
        workshop.announce("report.tables")
        bench = bench_of(context, workshop)
        require_sound(bench, "report.model")
        book = workbook_bytes(model_of(bench))
        (bench.folder / "report" / "tables.xlsx").write_bytes(book)
        bench.stamp("report.tables")
        return dg.MaterializeResult(data_version=dg.DataVersion(_sha256(book)))

    @dg.asset(
        key=EDITION_KEY,
        deps=FACE_KEYS,
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
        require_sound(bench, "report.model", *(".".join(key.path) for key in FACE_KEYS))
        stage = bench.stage_folder
        shutil.rmtree(stage, ignore_errors=True)
        stage.mkdir(parents=True)
        for name, made in PUBLISHED.items():
            shutil.copyfile(bench.folder / "report" / made, stage / name)
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
            bench.home.kept / bench.programme.id,
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

    return [model, *(pdf(lang) for lang in PDF_KEYS), notice, pages, tables, edition]


def package_identity(model: "ReportModel") -> dict[str, str]:
    """Name, title and version of an edition's data package."""
    head = model.head
    return {
        "name": f"{head.programme}-{head.year}",
        "title": head.title.zh,
        "description": f"{head.title.zh} / {head.title.en}",
        "version": head.vintage_id,
    }


def model_of(bench: Workbench) -> "ReportModel":
    """The report model that the step before made."""
    from pipeline.report.model import ReportModel

    return ReportModel.model_validate_json((bench.folder / "report" / "model.json").read_text("utf-8"))


def require_sound(bench: Workbench, *more: str) -> None:
    """Failure unless every table, gate and earlier report step belongs to the present inputs and code."""
    try:
        bench.require_made([*edition_tables(), *GATES.values(), *more])
    except NotMade as problem:
        raise dg.Failure(description=str(problem), allow_retries=False) from None


def _sha256(data: bytes) -> str:
    import hashlib

    return hashlib.sha256(data).hexdigest()
