"""What the measurement commands read: answers (wide or long) and banks (JSON or a table of parameters)."""

from __future__ import annotations

import json
import re
import sys
from argparse import Namespace
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from shuyang.cli.tables import Columns, numbers, read_table
from shuyang.kernel.errors import Invalid

if TYPE_CHECKING:
    from shuyang.measurement import ItemParameters, Priors, Responses
    from shuyang.measurement.irt.latent import Latent

PRIORS = ("slope", "intercept", "difficulty", "guessing", "upper")
PRIOR_EXAMPLE = "--prior slope=lognormal:0,0.5 guessing=normal:-1.4,0.5"
PERSON_COLUMNS = ("id", "person", "person_id", "编号", "人员编号", "考号")


@dataclass(frozen=True, slots=True)
class Answers:
    """Responses with each person's group and covariates [N, C], where such columns were named."""

    responses: Responses
    groups: list[str] | None
    covariates: NDArray[np.float64] | None = None


def read_answers(args: Namespace, known: Sequence[str] | None = None) -> Answers:
    """The answers file as the arguments `answers`, `long`, `id`, `group`, `covariates`, `ignore`, `first`, `labels`,
    `missing` describe it.

    known: items of a bank; other columns are then left aside, with a line that names them.
    """
    columns = read_table(args.answers)
    if args.long:
        return _long(columns, args)
    person = _person_column(columns, args.id)
    groups = _groups(columns, args.group)
    covariates = [numbers(name, columns[_present(columns, name)]) for name in args.covariates]
    aside = {person, args.group, *args.covariates, *(args.ignore or ())}
    items = [name for name in columns if name not in aside]
    if known is not None:
        items = _of_bank(items, known, args.answers)
    if not items:
        raise Invalid(message=f"{args.answers}: no item columns are left")
    from shuyang.measurement import Responses

    matrix = np.column_stack([_scores(name, columns[name], args) for name in items])
    people = [str(p) for p in columns[person]] if person else None
    data = Responses.from_matrix(matrix, item_ids=items, person_ids=people, first_category=args.first)
    return Answers(data, groups, np.column_stack(covariates) if covariates else None)


def check_population(latent: Latent | None, given: Answers) -> None:
    """Raise Invalid where a bank's ability distribution needs a column that was not named."""
    if latent is not None and latent.coefficients is not None and given.covariates is None:
        count = len(latent.coefficients)
        raise Invalid(
            message=f"题库带有潜回归，请指明协变量列 the bank has a regression on {count} columns: --covariates …"
        )
    if latent is not None and len(latent.names) > 1 and given.groups is None:
        names = ", ".join(str(name) for name in latent.names[:5])
        raise Invalid(message=f"题库分组标定，请指明分组列 the bank has groups ({names}): --group …")


def _long(columns: Columns, args: Namespace) -> Answers:
    if args.covariates:
        raise Invalid(message="--covariates need one row a person, not --long")
    person, item, score = (_present(columns, name) for name in args.long)
    from shuyang.measurement import Responses

    people, what = ([str(v) for v in columns[name]] for name in (person, item))
    data = Responses.from_long(people, what, _scores(score, columns[score], args), first_category=args.first)
    groups = _groups(columns, args.group)
    if groups is None:
        return Answers(data, None)
    of = dict(zip(people, groups, strict=True))
    return Answers(data, [of[p] for p in data.person_ids or ()])


def _of_bank(names: Sequence[str], known: Sequence[str], path: Path) -> list[str]:
    found = set(names) & set(known)
    if not found:
        raise Invalid(message=f"{path}: no column has the name of an item of the bank ({', '.join(known[:5])}, …)")
    aside = [name for name in names if name not in found]
    if aside:
        print(f"不是题库中的题，略去 not in the bank, left aside: {', '.join(aside)}", file=sys.stderr)
    return [name for name in names if name in found]


def _scores(name: str, column: Any, args: Namespace) -> NDArray[np.float64]:
    """A column of answers as categories from `first` on, NaN where empty or coded as missing."""
    codes = {str(code).strip() for code in args.missing}
    cells = [None if cell is None or _text(cell) in codes else cell for cell in column] if codes else column
    if args.labels:
        place = {label: k + args.first for k, label in enumerate(args.labels)}
        cells = [place.get(_text(cell), cell) if cell is not None else None for cell in cells]
    try:
        return numbers(name, cells)
    except Invalid as error:
        hint = f"若不是题目 if it is no item: --ignore {name}; 若是作答 if answers: --labels LOWEST … HIGHEST, --missing CODE"
        raise Invalid(message=f"{error.message} ({hint})") from None


def _text(cell: Any) -> str:
    """A cell as it was typed: 9, not 9.0."""
    return f"{cell:g}" if isinstance(cell, float | np.floating) else str(cell).strip()


def read_priors(texts: Sequence[str]) -> Priors | None:
    """Priors from texts like slope=lognormal:0,0.5; None without any."""
    from shuyang.measurement import Priors
    from shuyang.measurement.irt.priors import Beta, LogNormal, Normal

    kinds = {"normal": Normal, "lognormal": LogNormal, "beta": Beta}
    allowed = {"slope": ("normal", "lognormal"), "guessing": ("normal", "beta"), "upper": ("normal", "beta")}
    found: dict[str, Any] = {}
    for text in texts:
        parts = re.fullmatch(r"(\w+)=(\w+):(-?[\d.]+),([\d.]+)", text.replace(" ", ""))
        if not parts or parts[1] not in PRIORS or parts[2] not in allowed.get(parts[1], ("normal",)):
            raise Invalid(message=f'--prior: "{text}" is not understood; write for example {PRIOR_EXAMPLE}')
        found[parts[1]] = kinds[parts[2]](float(parts[3]), float(parts[4]))
    return Priors(**found) if found else None


def _present(columns: Columns, name: str) -> str:
    if name not in columns:
        raise Invalid(message=f'no column "{name}"; there are: {", ".join(columns)}')
    return name


def _person_column(columns: Columns, named: str | None) -> str | None:
    if named:
        return _present(columns, named)
    return next((name for name in columns if name.strip().lower() in PERSON_COLUMNS), None)


def _groups(columns: Columns, name: str | None) -> list[str] | None:
    return None if name is None else [str(g) for g in columns[_present(columns, name)]]


def read_structure(args: Namespace, ids: Sequence[str]) -> dict[str, Any]:
    """Arguments of `calibrate` for several dimensions, from the options factors, structure and testlet."""
    if args.structure is None:
        return {"factors": args.factors}
    columns = read_table(args.structure)
    place = {str(name): row for row, name in enumerate(columns[_present(columns, "item")])}
    absent = [name for name in ids if name not in place]
    if absent:
        raise Invalid(message=f"{args.structure}: no row for {', '.join(absent[:5])}")
    rows = [place[name] for name in ids]
    if "specific" in columns:
        labels = [columns["specific"][row] for row in rows]
        return {"specific": [None if v is None or v != v else str(v) for v in labels], "testlet": args.testlet}
    loads = [numbers(name, columns[name])[rows] for name in columns if name != "item"]
    return {"loads": np.nan_to_num(np.column_stack(loads)) != 0}


def read_bank(path: Path) -> tuple[ItemParameters, Latent | None]:
    """A bank and, where the file is a calibration, its ability distribution.

    JSON as `shuyang calibrate` writes it, or a table with columns item, model, a (or a1, a2, ...), d or d1, d2, ...
    (intercepts) or b, b1, ... (difficulties), and optionally g and u.
    """
    if not path.is_file():
        raise Invalid(message=f"{path}: no such file")
    if path.suffix.lower() == ".json":
        return _json_bank(path)
    return _table_bank(read_table(path)), None


def _json_bank(path: Path) -> tuple[ItemParameters, Latent | None]:
    from shuyang.measurement import ItemParameters
    from shuyang.measurement.irt.latent import Latent

    try:
        data = json.loads(path.read_text("utf-8"))
        items = ItemParameters.from_dict(data.get("items", data))
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise Invalid(message=f"{path}: not a bank as `shuyang calibrate` writes it ({error})") from error
    known = data.get("latent")
    if not isinstance(known, dict):
        return items, None
    coefficients = known.get("coefficients")
    beta = None if coefficients is None else np.array(coefficients, float)
    mean, covariance = np.array(known["mean"], float), np.array(known["covariance"], float)
    return items, Latent(tuple(known["names"]), mean, covariance, beta)


def _table_bank(columns: Columns) -> ItemParameters:
    from shuyang.measurement import ItemParameters

    ids = [str(i) for i in columns[_present(columns, "item")]]
    slopes = _numbered(columns, "a") or [np.ones(len(ids))]
    intercepts, difficulties = _numbered(columns, "d"), _numbered(columns, "b")
    steps = np.column_stack(intercepts or difficulties or [_missing_steps()])
    models = [str(m) for m in columns["model"]] if "model" in columns else ["2pl"] * len(ids)
    absent = {"g": 0.0, "u": 1.0}
    more = {n: np.nan_to_num(numbers(n, columns[n]), nan=v) for n, v in absent.items() if n in columns}
    rows = [row[~np.isnan(row)] for row in steps]
    build = ItemParameters.build if intercepts else ItemParameters.from_difficulty
    return build(models, np.column_stack(slopes), rows, ids=ids, **more)


def _numbered(columns: Columns, letter: str) -> list[Any]:
    """Columns "a" or "a1", "a2", ... in order."""
    names = [name for name in columns if re.fullmatch(rf"{letter}\d*", name)]
    return [numbers(name, columns[name]) for name in sorted(names, key=lambda n: int(n[1:] or 0))]


def _missing_steps() -> Any:
    raise Invalid(message="a bank needs a column d (intercepts) or b (difficulties)")


def parse_pairs(texts: Sequence[str], what: str) -> list[tuple[str, float]]:
    """("name", number) of arguments like name:number."""
    pairs = []
    for text in texts:
        name, _, value = text.rpartition(":")
        try:
            pairs.append((name, float(value)))
        except ValueError:
            raise Invalid(message=f'{what}: "{text}" is not of the form name:number') from None
    return pairs
