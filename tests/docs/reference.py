"""The generated reference pages: the command line, personal data from the models, the tables of the invented city.

python -m tests.docs.reference            write them into docs/reference
python -m tests.docs.reference --check    only say which of them is stale
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Iterator
from pathlib import Path

REFERENCE = Path(__file__).resolve().parents[2] / "docs/reference"
MADE = "<!-- made by script/reference; change the source, not this page -->"


def commands(
    parser: argparse.ArgumentParser, words: tuple[str, ...] = ()
) -> Iterator[tuple[str, argparse.ArgumentParser]]:
    """Every command that does something, by its words ("audit verify"), with its parser."""
    below = [action for action in parser._actions if isinstance(action, argparse._SubParsersAction)]
    if not below:
        yield " ".join(words), parser
    for action in below:
        for name, child in action.choices.items():
            yield from commands(child, (*words, name))


def helps(parser: argparse.ArgumentParser, words: tuple[str, ...] = ()) -> Iterator[tuple[str, str]]:
    """The one line that each command has in the list of its group."""
    for action in parser._actions:
        if isinstance(action, argparse._SubParsersAction):
            for choice in action._choices_actions:
                yield " ".join((*words, choice.dest)), str(choice.help or "")
            for name, child in action.choices.items():
                yield from helps(child, (*words, name))


def command_line() -> str:
    """The page of the command line."""
    from shuyang.cli.main import parser

    top = parser()
    lines = dict(helps(top))
    parts = [
        MADE,
        "# Command line",
        "",
        "`pip install .` gives the command `shuyang`. From a checkout, `PYTHONPATH=src .venv/bin/python -m shuyang.cli`",
        "is the same. `--help` after a command says what stands here. Exit codes: 0 all went well, 1 an error or a finding",
        "said in words, 2 wrong usage. [Settings](settings.md) come from the environment.",
        "",
        "| command | does |",
        "|---|---|",
    ]
    found = list(commands(top))
    parts += [f"| [`{name}`](#{name.replace(' ', '-')}) | {lines.get(name, '')} |" for name, _ in found]
    for name, one in found:
        parts += ["", f"## {name}", "", f"{_sentence(lines.get(name) or one.description or '')}", "", *_arguments(one)]
        if one.epilog:
            parts += [
                "",
                "```",
                *[line.strip() for line in one.epilog.strip().splitlines() if not line.startswith("example")],
                "```",
            ]
    return "\n".join(parts) + "\n"


def _sentence(text: str) -> str:
    return text[:1].upper() + text[1:] + ("" if text.endswith((".", "?")) else ".")


def _arguments(parser: argparse.ArgumentParser) -> list[str]:
    rows = []
    for action in parser._actions:
        if action.dest == "help":
            continue
        name = " ".join([action.option_strings[-1] if action.option_strings else "", _value(action)]).strip()
        needed = " (needed)" if action.required and action.option_strings else ""
        rows.append(f"| `{name}` | {_cell(action)}{needed} |")
    return ["| argument | meaning |", "|---|---|", *rows] if rows else ["No arguments."]


def _value(action: argparse.Action) -> str:
    if action.nargs == 0:
        return ""
    if isinstance(action.metavar, tuple):
        return " ".join(action.metavar)
    value = action.metavar or (action.dest.upper() if action.option_strings else action.dest)
    return {"?": f"[{value}]", "*": f"[{value} …]"}.get(str(action.nargs), value)


def _cell(action: argparse.Action) -> str:
    text = (action.help or "").replace("|", "\\|")
    if action.choices:
        text = f"{text}: {', '.join(map(str, action.choices))}".lstrip(": ")
    if action.default not in (None, False, "", [], argparse.SUPPRESS) and "default" not in text:
        text = f"{text} (default {action.default})".strip()
    return text


def personal_data() -> str:
    """The page of personal data: every field of every table of ours with its word."""
    from django.apps import apps

    from shuyang.kit.personal import Personal

    parts = [
        MADE,
        "# Personal data 个人信息",
        "",
        "Every stored field says what it tells about a person; a system check refuses a model that leaves one out",
        "(`shuyang.kit.checks`).",
        "",
        "| word | meaning |",
        "|---|---|",
        "| none | says nothing about a person |",
        "| link | a key or pseudonym that leads to a person |",
        "| direct | names or describes a person |",
        "| result | what was measured or recorded about a person |",
        "| sensitive | kept encrypted, or as a keyed or slow hash |",
        "",
        "Fields that say nothing are only counted. Tables without a person are left out of the list and named at the end.",
    ]
    bare = []
    models = sorted(
        (m for m in apps.get_models() if m.__module__.startswith("shuyang.")), key=lambda m: m._meta.db_table
    )
    for model in models:
        words = {**getattr(model, "base_personal_data", {}), **model.personal_data}
        told = [(f.name, words[f.name]) for f in model._meta.concrete_fields if words[f.name] is not Personal.NONE]
        if not told:
            bare.append(f"`{model._meta.db_table}`")
            continue
        about = (model.__doc__ or "").strip().splitlines()[0]
        parts += ["", f"## {model._meta.db_table}", "", about, "", "| field | word |", "|---|---|"]
        parts += [f"| {name} | {word.value} |" for name, word in told]
        if others := len(model._meta.concrete_fields) - len(told):
            parts.append(f"| {others} others | none |")
    parts += ["", "## Tables without personal data", "", ", ".join(bare) + "."]
    return "\n".join(parts) + "\n"


def city_dictionary() -> str:
    """The page of the tables of the invented city."""
    from shuyang.practice.city.api import dictionary_page

    return f"{MADE}\n{dictionary_page()}"


def pages() -> dict[Path, str]:
    return {
        REFERENCE / "command-line.md": command_line(),
        REFERENCE / "personal-data.md": personal_data(),
        REFERENCE / "city-data-dictionary.md": city_dictionary(),
    }


def stale() -> list[str]:
    """Names of the generated pages that are not what they should be."""
    return [p.name for p, text in pages().items() if not p.exists() or p.read_text("utf-8") != text]


def main() -> int:
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "shuyang.config.settings_test")
    django.setup()
    if "--check" in sys.argv:
        for name in stale():
            print(f"stale: docs/reference/{name} (run script/reference)")
        return int(bool(stale()))
    for path, text in pages().items():
        path.write_text(text, "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
