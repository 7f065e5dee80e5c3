"""A picture as it is printed: for looking at it on a page, and for Word."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Literal

import typst

from shuyang.web.paper.pdf import fonts

_PAGE = """#set page(width: auto, height: auto, margin: 0pt)
#set text(font: ("Noto Sans SC",))
#image("picture.svg")"""


def as_printed(svg: str) -> bytes:
    """An SVG with its text set in the fonts of our documents, as outlines: it looks the same everywhere."""
    return _compiled(svg, "svg")


def as_png(svg: str, *, dots: int = 220) -> bytes:
    """The same as PNG, `dots` to the inch, for what takes no SVG."""
    return _compiled(svg, "png", dots)


def _compiled(svg: str, form: Literal["svg", "png"], dots: int = 144) -> bytes:
    with tempfile.TemporaryDirectory(prefix="shuyang-picture-") as folder:
        root = Path(folder)
        (root / "main.typ").write_text(_PAGE, "utf-8")
        (root / "picture.svg").write_text(svg, "utf-8")
        source = str(root / "main.typ")
        drawn = typst.compile(source, root=folder, font_paths=fonts(), ignore_system_fonts=True, format=form, ppi=dots)
    assert isinstance(drawn, bytes)
    return drawn
