"""Documents as PDF: a typst template, data as JSON, charts as SVG. Fonts come with the product; nothing is fetched."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

import pylopdf_fonts_zh_cn
import typst


@cache
def _fonts() -> list[str]:
    return [str(Path(pylopdf_fonts_zh_cn.__file__).parent)]


def pdf(template: str, data: Mapping[str, Any], pictures: Mapping[str, str]) -> bytes:
    """Compile `web/paper/templates/<template>.typ`. The template reads `data.json` and the SVG `pictures` beside it."""
    with tempfile.TemporaryDirectory(prefix="shuyang-pdf-") as folder:
        root = Path(folder)
        source = files("shuyang.web").joinpath(f"paper/templates/{template}.typ").read_text("utf-8")
        (root / "main.typ").write_text(source, "utf-8")
        (root / "data.json").write_text(json.dumps(data, ensure_ascii=False), "utf-8")
        for name, drawn in pictures.items():
            (root / f"{name}.svg").write_text(drawn, "utf-8")
        compiled = typst.compile(
            str(root / "main.typ"), root=folder, font_paths=_fonts(), ignore_system_fonts=True, pdf_standards=["ua-1"]
        )
    assert isinstance(compiled, bytes)
    return compiled
