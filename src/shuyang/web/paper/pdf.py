"""Documents as PDF: a typst template, data as JSON, charts as SVG. Fonts come with the product; nothing is fetched."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Mapping, Sequence
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any, Literal

import pylopdf_fonts_zh_cn
import typst

Standard = Literal["a-2a", "a-3a", "ua-1"]


@cache
def fonts() -> list[str]:
    """Folders of the fonts that documents are set in."""
    return [str(Path(pylopdf_fonts_zh_cn.__file__).parent)]


def pdf(
    template: str,
    data: Mapping[str, Any],
    pictures: Mapping[str, str],
    *,
    attached: Mapping[str, str] | None = None,
    standards: Sequence[Standard] = ("a-2a", "ua-1"),
) -> bytes:
    """Compile `web/paper/templates/<template>.typ`, which reads `data.json`, the SVG `pictures` and what is `attached`.

    By default PDF/A-2a (to be kept) and PDF/UA-1 (for screen readers) at once; they ask the template for a document
    date, a title, a language, and a text for each picture.
    """
    with tempfile.TemporaryDirectory(prefix="shuyang-pdf-") as folder:
        root = Path(folder)
        source = files("shuyang.web").joinpath(f"paper/templates/{template}.typ").read_text("utf-8")
        (root / "main.typ").write_text(source, "utf-8")
        (root / "data.json").write_text(json.dumps(data, ensure_ascii=False), "utf-8")
        for name, drawn in pictures.items():
            (root / f"{name}.svg").write_text(drawn, "utf-8")
        for name, text in (attached or {}).items():
            (root / name).write_text(text, "utf-8")
        compiled = typst.compile(
            str(root / "main.typ"),
            root=folder,
            font_paths=fonts(),
            ignore_system_fonts=True,
            pdf_standards=list(standards),
        )
    assert isinstance(compiled, bytes)
    return compiled
