"""The Chinese catalogue: merge its parts, compile it, and find what is not translated.

python -m tests.messages            merge locale/zh_Hans/parts/*.po into django.po and compile django.mo
python -m tests.messages --check    only say what is missing, stale or wrong
"""

from __future__ import annotations

import ast
import re
import sys
from pathlib import Path

import polib

WEB = Path(__file__).resolve().parent.parent / "src/shuyang/web"
INSIGHT = WEB.parent / "insight"  # its sentences are the document itself
LOCALE = WEB / "locale/zh_Hans"
CATALOGUE = LOCALE / "LC_MESSAGES/django.po"
CALLS = {"_", "gettext", "gettext_lazy", "ngettext", "ngettext_lazy", "pgettext", "lazy", "n_"}
_TRANSLATE = re.compile(r"{%\s*trans(?:late)?\s+(?:\"((?:[^\"\\]|\\.)*)\"|'((?:[^'\\]|\\.)*)')")
_IN_FILTER = re.compile(r"\b_\(\"([^\"]+)\"\)")
_BLOCK = re.compile(r"{%\s*blocktrans(?:late)?\b([^%]*)%}(.*?){%\s*endblocktrans(?:late)?\s*%}", re.S)
_PLURAL = re.compile(r"{%\s*plural\s*%}")
_VARIABLE = re.compile(r"{{\s*(\w+)\s*}}")


def texts_in_python(path: Path) -> set[str]:
    """First arguments of the gettext functions."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in CALLS and node.args:
            first = node.args[0]
            if isinstance(first, ast.Constant) and isinstance(first.value, str):
                found.add(first.value)
    return found


def texts_in_template(path: Path) -> set[str]:
    """Texts of translate and blocktranslate tags, in the form that Django looks up."""
    source = path.read_text("utf-8")
    # Django doubles the per cent sign of a {% translate %} text before it looks it up
    found = {(a or b).replace('\\"', '"').replace("%", "%%") for a, b in _TRANSLATE.findall(source)} | set(
        _IN_FILTER.findall(source)
    )
    for options, body in _BLOCK.findall(source):
        singular = _PLURAL.split(body)[0]
        text = _VARIABLE.sub(r"%(\1)s", singular.replace("%", "%%"))
        found.add(" ".join(line.strip() for line in text.splitlines()) if "trimmed" in options else text)
    return found


def texts() -> dict[str, str]:
    """Every text a user may read, with the file it was first found in."""
    found: dict[str, str] = {}
    for path in sorted(p for folder in (WEB, INSIGHT) for p in folder.rglob("*.py")):
        found |= {text: str(path.relative_to(WEB.parent)) for text in texts_in_python(path) if text not in found}
    for path in sorted((WEB / "templates").rglob("*.html")):
        found |= {text: str(path.relative_to(WEB)) for text in texts_in_template(path) if text not in found}
    return {text: where for text, where in found.items() if text.strip()}


def merged() -> polib.POFile:
    """All parts in one catalogue, sorted. core.po holds the words that areas share; elsewhere two translations are an error."""
    catalogue = polib.POFile(wrapwidth=110)
    catalogue.metadata = {
        "Content-Type": "text/plain; charset=UTF-8",
        "Content-Transfer-Encoding": "8bit",
        "Language": "zh_Hans",
        "Plural-Forms": "nplurals=1; plural=0;",
    }
    entries: dict[str, polib.POEntry] = {}
    shared = {entry.msgid for entry in polib.pofile((LOCALE / "parts/core.po").read_text("utf-8"))}
    for part in sorted((LOCALE / "parts").glob("*.po"), key=lambda p: (p.name == "core.po", p.name)):
        for entry in polib.pofile(part.read_text("utf-8")):
            known = entries.get(entry.msgid)
            if (
                known is not None
                and entry.msgid not in shared
                and (known.msgstr, known.msgstr_plural) != (entry.msgstr, entry.msgstr_plural)
            ):
                raise SystemExit(
                    f"{part.name}: {entry.msgid!r} is translated otherwise in another part: {known.msgstr!r} / {entry.msgstr!r}"
                )
            entries[entry.msgid] = polib.POEntry(
                msgid=entry.msgid,
                msgstr=entry.msgstr,
                msgid_plural=entry.msgid_plural,
                msgstr_plural=entry.msgstr_plural,
                flags=["python-format"] if "%(" in entry.msgid else [],
            )
    used = texts()
    for text in used:
        plain = entries.get(text.replace("%%", "%"))
        if text not in entries and plain is not None:
            entries[text] = polib.POEntry(msgid=text, msgstr=plain.msgstr.replace("%", "%%"), flags=["python-format"])
    catalogue.extend(entries[key] for key in sorted(entries) if key in used)
    return catalogue


def missing(catalogue: polib.POFile) -> dict[str, str]:
    """Texts without a Chinese translation, with their file."""
    done = {entry.msgid for entry in catalogue if entry.msgstr or entry.msgstr_plural}
    return {text: where for text, where in texts().items() if text not in done}


def broken(catalogue: polib.POFile) -> list[str]:
    """Translations that lose or invent a placeholder."""
    names = re.compile(r"%\((\w+)\)[sd]")
    return [
        entry.msgid
        for entry in catalogue
        if set(names.findall(entry.msgid)) < set(names.findall(entry.msgstr or entry.msgstr_plural.get(0, "")))
        or (not entry.msgid_plural and set(names.findall(entry.msgid)) - set(names.findall(entry.msgstr)))
    ]


def main() -> int:
    catalogue = merged()
    lacking, wrong = missing(catalogue), broken(catalogue)
    for text, where in lacking.items():
        print(f"not translated ({where}): {text}")
    for text in wrong:
        print(f"placeholders differ: {text}")
    if "--check" in sys.argv:
        stale = not CATALOGUE.exists() or CATALOGUE.read_text("utf-8") != str(catalogue) + "\n"
        if stale:
            print("the catalogue is stale: run script/messages")
        return int(bool(lacking or wrong or stale))
    CATALOGUE.parent.mkdir(parents=True, exist_ok=True)
    CATALOGUE.write_text(str(catalogue) + "\n", "utf-8")
    catalogue.save_as_mofile(str(CATALOGUE.with_suffix(".mo")))
    return int(bool(lacking or wrong))


if __name__ == "__main__":
    sys.exit(main())
