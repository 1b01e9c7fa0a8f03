"""What makes a PDF keep: its identity, the files attached inside it, PDF/A-3a and PDF/UA-1 together.

Belongs here: the archival form of a document that is laid out. Does not belong here: layout (render.py),
writing the attached files (pipeline/edition/attached.py).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any, Literal

PDF_VARIANT = "pdf/a-3a"
"""Archival and tagged: keeps its structure for readers who cannot see it."""

Relationship = Literal["Source", "Data", "Supplement"]
CHINA = timezone(timedelta(hours=8))
_UA = (
    b'<rdf:Description rdf:about="" xmlns:pdfuaid="http://www.aiim.org/pdfua/ns/id/">'
    b"<pdfuaid:part>1</pdfuaid:part></rdf:Description>\n"
    b'<rdf:Description rdf:about="" xmlns:pdfaExtension="http://www.aiim.org/pdfa/ns/extension/" '
    b'xmlns:pdfaSchema="http://www.aiim.org/pdfa/ns/schema#" '
    b'xmlns:pdfaProperty="http://www.aiim.org/pdfa/ns/property#"><pdfaExtension:schemas><rdf:Bag>'
    b'<rdf:li rdf:parseType="Resource"><pdfaSchema:schema>PDF/UA Universal Accessibility Schema</pdfaSchema:schema>'
    b"<pdfaSchema:namespaceURI>http://www.aiim.org/pdfua/ns/id/</pdfaSchema:namespaceURI>"
    b"<pdfaSchema:prefix>pdfuaid</pdfaSchema:prefix><pdfaSchema:property><rdf:Seq>"
    b'<rdf:li rdf:parseType="Resource"><pdfaProperty:name>part</pdfaProperty:name>'
    b"<pdfaProperty:valueType>Integer</pdfaProperty:valueType>"
    b"<pdfaProperty:category>internal</pdfaProperty:category>"
    b"<pdfaProperty:description>Indicates, which part of ISO 14289 standard is followed</pdfaProperty:description>"
    b"</rdf:li></rdf:Seq></pdfaSchema:property></rdf:li></rdf:Bag></pdfaExtension:schemas></rdf:Description>\n"
)
"""The claim of PDF/UA-1, and the description of its schema that PDF/A asks for."""
_END = b"</rdf:RDF>"


@dataclass(frozen=True)
class Attached:
    """A file inside the PDF: its name there, where it lies, what it is to the document, what it holds."""

    name: str
    path: Path
    relationship: Relationship
    description: str


def write_archival(document: Any, options: dict[str, Any], attached: Sequence[Attached], day: str) -> bytes:
    """The bytes of a laid-out document (WeasyPrint's) that claims PDF/A-3a and PDF/UA-1, with files attached.

    ``day`` (ISO date) is the only date in the file. WeasyPrint writes one claim a file; the other is added to
    the metadata where it makes them.
    """
    from weasyprint import Attachment

    at = datetime.fromisoformat(day).replace(tzinfo=CHINA)
    metadata = document.metadata
    made = metadata.generate_rdf_metadata

    def with_both(*arguments: Any) -> bytes:
        text = made(*arguments)
        if text.count(_END) != 1:
            raise ValueError("the metadata of the PDF have another form than expected")
        return text.replace(_END, _UA + _END)

    metadata.generate_rdf_metadata = with_both
    return document.write_pdf(
        **options,
        attachments=[
            Attachment(
                string=each.path.read_bytes(),
                name=each.name,
                description=each.description,
                created=at,
                modified=at,
                relationship=each.relationship,
            )
            for each in sorted(attached, key=lambda each: each.name)
        ],
    )
