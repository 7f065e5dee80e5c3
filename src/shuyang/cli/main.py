"""The `shuyang` command: finds the sub-command, runs it, turns errors into words and exit codes."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence
from importlib import import_module
from typing import Any

from shuyang import __version__
from shuyang.kernel.errors import Invalid, ShuyangError

# Modules with `register(subparsers)`; each handler takes the parsed arguments and returns an exit code.
MODULES = ("run", "people", "content", "data", "audit", "measure", "extract", "city", "scenario")
EPILOG = """examples:
  shuyang up                          start everything on this computer
  shuyang import people roster.xlsx   preview, then import
  shuyang backup                      one file that holds it all
  shuyang audit verify                is the log whole?
"""


def parser() -> argparse.ArgumentParser:
    """The whole command line; each sub-command has --help with an example."""
    top = argparse.ArgumentParser(
        prog="shuyang",
        description="数养 Shuyang: measure, develop and put to use digital competence.",
        epilog=EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    top.add_argument("--version", action="version", version=f"shuyang {__version__}")
    commands = top.add_subparsers(title="commands", metavar="COMMAND", required=True)
    for name in MODULES:
        import_module(f"shuyang.cli.{name}").register(commands)
    return top


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; the exit code is 0 when all went well, 1 for an error said in words, 2 for wrong usage."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "shuyang.config.settings")
    parsed = parser().parse_args(arguments)
    try:
        return int(parsed.run(parsed) or 0)
    except Invalid as error:
        return _say([_words(p) for p in error.problems] or [error.message])
    except ShuyangError as error:
        return _say([_error_words(error)])
    except BrokenPipeError:  # who reads has seen enough, as `head` does
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except OSError as error:  # a file that is not there or a full disk; anything else is a fault and shows its trace
        if error.filename is None:
            raise
        return _say([f"{error.filename}: {error.strerror}"])
    except KeyboardInterrupt:
        return _say(["stopped"])


def setup() -> None:
    """Load Django. Handlers that need the database call it first; the numerics never do."""
    import django
    from django.apps import apps

    if not apps.ready:
        django.setup()


def example(text: str) -> dict[str, Any]:
    """Keyword arguments for `add_parser` that show an example under --help."""
    return {"epilog": f"example:\n{text}", "formatter_class": argparse.RawDescriptionHelpFormatter}


def _words(problem: Any) -> str:
    from django.apps import apps

    if not apps.ready:
        return f"{problem.where}: {problem.code} {dict(problem.data) or ''}".strip()
    from shuyang.web.errors import words

    return f"{problem.where}: {words(problem)}"


def _error_words(error: ShuyangError) -> str:
    from django.apps import apps

    if apps.ready:
        from shuyang.web.errors import error_words

        return error_words(error) or error.message
    return error.message


def _say(lines: list[str]) -> int:
    for line in lines:
        print(f"shuyang: {line}", file=sys.stderr)
    return 1
