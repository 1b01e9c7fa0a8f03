"""The report and the published edition: model -> its faces -> data files, manifest, one rename."""

import json
import shutil
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import dagster as dg

from assets.common import WORKSHOP, asset_key, bench_of
from pipeline.edition.manifest import MANIFEST, canonical_json, edition_tables
from pipeline.lock import release
from pipeline.programme import CODE_ROOT
from pipeline.session import NotMade, Workbench
from pipeline.steps import GATES

if TYPE_CHECKING:
    from pipeline.edition.publish import Published
    from pipeline.report.apart import Beside
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
PAGE_KEYS = {lang: dg.AssetKey(["report", f"page_{lang}"]) for lang in PDF_KEYS}
PAGE_WORDS = {
    "zh": "中文网页报告\nThe report in Chinese as a web page",
    "en": "英文网页报告\nThe report in English as a web page",
}
TABLES_KEY = dg.AssetKey(["report", "tables"])
NOTICE_KEY = dg.AssetKey(["report", "notice"])
VOLUMES_KEY = dg.AssetKey(["report", "volumes"])
FACE_KEYS = [*PDF_KEYS.values(), VOLUMES_KEY, NOTICE_KEY, *PAGE_KEYS.values(), TABLES_KEY]
EDITION_KEY = dg.AssetKey(["report", "edition"])
SAME_CHECK = "same_as_published"
ROOT_STEP = "plan_and_register"
BESIDE = "beside"


@dg.resource(description="另一进程正在排的报告\nReports that another process sets meanwhile")
def reports_beside(_: dg.InitResourceContext) -> Iterator[dict[str, "Beside"]]:
    """Language -> the report that another process sets meanwhile, within one run: what no step took ends with the run,
    however that ends, and no later one finds it."""
    beside: dict[str, Beside] = {}
    try:
        yield beside
    finally:
        for each in beside.values():
            each.stop()


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
        from pipeline.report.model import build_report
        from pipeline.report.volume_files import written_models

        bench = begin(context, "report.model")
        with bench.store() as connection:
            with bench.shown(connection):
                made, volumes = build_report(gather(bench, connection))
            path = bench.folder / "report" / "model.json"
            path.parent.mkdir(parents=True, exist_ok=True)
            text = canonical_json(made.model_dump(mode="json"), close=True)
            path.write_text(text, "utf-8")
            written_models(path.parent, (canonical_json(one.model_dump(mode="json"), close=True) for one in volumes))
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
        """The report as a PDF in one language. Of the two, the first one has the other set meanwhile, where that pays."""
        step = f"report.pdf_{lang}"

        @dg.asset(
            key=PDF_KEYS[lang],
            deps=[MODEL_KEY],
            description=PDF_WORDS[lang],
            kinds={"pdf"},
            **common | {"required_resource_keys": {WORKSHOP, BESIDE}},
        )
        def made(context: dg.AssetExecutionContext):
            from pipeline.edition.attached import attached_files
            from pipeline.report.apart import Beside, pays
            from pipeline.report.render import render_pdf

            bench = begin(context, step, "report.model")
            folder, attached = bench.folder / "report", attached_files(bench)
            path, carrier = folder / f"report.{lang}.pdf", folder / "model.json"
            beside = context.resources.beside
            if (set_meanwhile := beside.pop(lang, None)) is not None:
                pages = set_meanwhile.pages()
            else:
                (other,) = set(PDF_KEYS) - {lang}
                if _made_too(context.run, PDF_KEYS[other]) and pays(carrier):
                    beside[other] = Beside(carrier, TEMPLATES, folder / f"report.{other}.pdf", other, attached)
                pages = render_pdf(model_of(bench), TEMPLATES, path, lang, attached).pages
            bench.stamp(step)
            return dg.MaterializeResult(
                metadata={"pages": pages} | _file(path),
                data_version=dg.DataVersion(_sha256(path.read_bytes())),
            )

        return made

    @dg.asset(
        key=VOLUMES_KEY,
        deps=[MODEL_KEY],
        description=(
            "各县(区)情况的分卷(PDF),单位太多、报告里放不下时才有\n"
            "The volumes with the pages of units (PDF), where these are too many for the report itself"
        ),
        kinds={"pdf"},
        **common,
    )
    def volumes(context: dg.AssetExecutionContext):
        from pipeline.edition.attached import PART, attached_files
        from pipeline.report.volume_files import set_volumes

        bench = begin(context, "report.volumes", "report.model")
        folder, names = bench.folder / "report", model_of(bench).volumes
        carried = [each for each in attached_files(bench) if each.name == PART]
        made = dict(set_volumes(folder, names, TEMPLATES, carried))
        hashes = "".join(_sha256((folder / name).read_bytes()) for name in made)
        bench.stamp("report.volumes")
        return dg.MaterializeResult(
            metadata={"volumes": len(names), "pages": sum(made.values())},
            data_version=dg.DataVersion(_sha256(hashes.encode()) if made else "none"),
        )

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

        bench = begin(context, "report.notice", "report.model")
        path = bench.folder / "report" / NOTICE
        path.unlink(missing_ok=True)
        carried = [each for each in attached_files(bench) if each.name in (MODEL, PART)]
        result = render_notice(model_of(bench), TEMPLATES, path, carried)
        bench.stamp("report.notice")
        return dg.MaterializeResult(
            metadata={"pages": 0 if result is None else result.pages},
            data_version=dg.DataVersion("none" if result is None else _sha256(path.read_bytes())),
        )

    def page(lang: "Lang") -> dg.AssetsDefinition:
        """The report as a web page in one language."""
        step = f"report.page_{lang}"

        @dg.asset(key=PAGE_KEYS[lang], deps=[MODEL_KEY], description=PAGE_WORDS[lang], kinds={"html"}, **common)
        def made(context: dg.AssetExecutionContext):
            from pipeline.report.web import web_page

            bench = begin(context, step, "report.model")
            text = web_page(model_of(bench), TEMPLATES, lang).encode()
            path = bench.folder / "report" / f"report.{lang}.html"
            path.write_bytes(text)
            bench.stamp(step)
            return dg.MaterializeResult(metadata=_file(path), data_version=dg.DataVersion(_sha256(text)))

        return made

    @dg.asset(
        key=TABLES_KEY,
        deps=[MODEL_KEY],
        description="报告的全部表格(XLSX)\nEvery table of the report as a workbook",
        kinds={"excel"},
        **common,
    )
    def tables(context: dg.AssetExecutionContext):
        from pipeline.report.workbook import workbook_bytes

        bench = begin(context, "report.tables", "report.model")
        book = workbook_bytes(model_of(bench))
        path = bench.folder / "report" / "tables.xlsx"
        path.write_bytes(book)
        bench.stamp("report.tables")
        return dg.MaterializeResult(metadata=_file(path), data_version=dg.DataVersion(_sha256(book)))

    @dg.asset(
        key=EDITION_KEY,
        deps=FACE_KEYS,
        description=(
            "发布的版本:报告、公开数据、清单,一次改名完成;只有整个任务 annual_report 才发布\n"
            "The published edition, one atomic rename; only the whole job annual_report publishes"
        ),
        check_specs=[
            dg.AssetCheckSpec(
                name=SAME_CHECK,
                asset=EDITION_KEY,
                description=(
                    "与已发布的上一版本逐字节相同;不同的,写明第一处不同,另发一版,旧版不动\n"
                    "Byte for byte the edition published last; if not, what differs first: a new revision, the old "
                    "one stays"
                ),
            )
        ],
        kinds={"file"},
        **common,
    )
    def edition(context: dg.AssetExecutionContext):
        from pipeline.edition.attached import prepared_data, prepared_manifest
        from pipeline.edition.identity import input_registrations, reference_files, replaced_registrations
        from pipeline.edition.manifest import with_outputs
        from pipeline.edition.publish import publish
        from pipeline.proof.keep import keep_inputs
        from pipeline.report.volume_names import volume_files

        require_whole_run(context.run)
        bench = begin(context, "edition", "report.model", *(".".join(key.path) for key in FACE_KEYS))
        stage = bench.stage_folder
        shutil.rmtree(stage, ignore_errors=True)
        stage.mkdir(parents=True)
        volumes = volume_files(model_of(bench).volumes)
        for name, made in (PUBLISHED | {name: name for name in volumes}).items():
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
            json.dumps(asdict(result) | {"folder": str(result.folder)}, ensure_ascii=False), "utf-8"
        )
        release(bench.folder)
        return dg.MaterializeResult(
            check_results=[same_check(result)],
            metadata={
                "path": dg.MetadataValue.path(str(result.folder)),
                "revision": result.revision,
                "new": result.is_new,
                "outputs": len(manifest["outputs"]),
                "data_status": manifest["data_status"],
                "vintage_id": bench.identity.vintage_id,
                "build_id": bench.identity.build_id,
                "verdicts": dg.MetadataValue.json(manifest["verdicts"]),
            },
            data_version=dg.DataVersion(_sha256((result.folder / MANIFEST).read_bytes())),
        )

    faces = [*(pdf(lang) for lang in PDF_KEYS), volumes, notice, *(page(lang) for lang in PAGE_KEYS), tables]
    return [model, *faces, edition]


def require_whole_run(run: dg.DagsterRun) -> None:
    """Failure unless the run is the whole job, or takes up a whole job where it failed."""
    taken_up = run.tags.get("dagster/is_resume_retry") == "true"
    steps, chosen = run.step_keys_to_execute, run.asset_selection
    from_the_root = steps is None or ROOT_STEP in steps or taken_up
    everything = not chosen or chosen >= {MODEL_KEY, *FACE_KEYS, *(asset_key(t) for t in edition_tables())}
    if not (from_the_root and everything):
        raise dg.Failure(
            description="没有发布:只有运行整个任务 annual_report 才发布,单独生成一项不发布 / nothing published: only the "
            "whole job annual_report publishes, materialising one asset alone does not",
            allow_retries=False,
        )


def _made_too(run: dg.DagsterRun, key: dg.AssetKey) -> bool:
    """Whether a run makes this asset, too."""
    steps, chosen = run.step_keys_to_execute, run.asset_selection
    return (not chosen or key in chosen) and (steps is None or "__".join(key.path) in steps)


def same_check(result: "Published") -> dg.AssetCheckResult:
    """Is the edition the one that was published last? With what differs first, if it is not."""
    if not result.is_new:
        said = f"与已发布的 r{result.revision} 逐字节相同 / byte for byte the published r{result.revision}"
    elif not result.difference:
        said = "第一版,没有可比的 / the first edition, nothing to compare with"
    else:
        said = f"与 r{result.before} 的第一处不同 / first difference to r{result.before}:{result.difference}"
    return dg.AssetCheckResult(
        check_name=SAME_CHECK,
        asset_key=EDITION_KEY,
        passed=not result.difference,
        severity=dg.AssetCheckSeverity.WARN,
        description=said,
        metadata={"result": said},
    )


def _file(path: Path) -> dict:
    """What the interface shows of a file that was written."""
    return {"path": dg.MetadataValue.path(str(path)), "size_bytes": path.stat().st_size}


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


def begin(context: dg.AssetExecutionContext, step: str, *before: str) -> Workbench:
    """Announce a step; the workbench of its edition, held for this process. Failure where another run has it, or
    :func:`require_sound` finds something, ``before`` being the report steps that it rests on."""
    workshop = context.resources.workshop
    workshop.announce(step)
    bench = bench_of(context, workshop)
    require_sound(bench, *before)
    return bench


def require_sound(bench: Workbench, *more: str) -> None:
    """Failure unless every table, gate and earlier report step belongs to the present inputs and code."""
    try:
        bench.require_made([*edition_tables(), *GATES.values(), *more])
    except NotMade as problem:
        raise dg.Failure(description=str(problem), allow_retries=False) from None


def _sha256(data: bytes) -> str:
    import hashlib

    return hashlib.sha256(data).hexdigest()
