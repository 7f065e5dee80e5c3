"""What the measurement commands read: answers (wide or long) and banks (JSON or a table of parameters)."""

from __future__ import annotations

import json
import re
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
    from shuyang.measurement import ItemParameters, Responses
    from shuyang.measurement.irt.latent import Latent

PERSON_COLUMNS = ("id", "person", "person_id", "编号", "人员编号", "考号")


@dataclass(frozen=True, slots=True)
class Answers:
    """Responses with each person's group and covariates [N, C], where such columns were named."""

    responses: Responses
    groups: list[str] | None
    covariates: NDArray[np.float64] | None = None


def read_answers(args: Namespace) -> Answers:
    """The answers file as the arguments `answers`, `long`, `id`, `group`, `covariates`, `ignore`,
    `first` describe it."""
    columns = read_table(args.answers)
    if args.long:
        return _long(columns, args)
    person = _person_column(columns, args.id)
    groups = _groups(columns, args.group)
    covariates = [numbers(name, columns[_present(columns, name)]) for name in args.covariates]
    aside = {person, args.group, *args.covariates, *(args.ignore or ())}
    items = [name for name in columns if name not in aside]
    if not items:
        raise Invalid(message=f"{args.answers}: no item columns are left")
    from shuyang.measurement import Responses

    matrix = np.column_stack([numbers(name, columns[name]) for name in items])
    people = [str(p) for p in columns[person]] if person else None
    data = Responses.from_matrix(matrix, item_ids=items, person_ids=people, first_category=args.first)
    return Answers(data, groups, np.column_stack(covariates) if covariates else None)


def _long(columns: Columns, args: Namespace) -> Answers:
    if args.covariates:
        raise Invalid(message="--covariates need one row a person, not --long")
    person, item, score = (_present(columns, name) for name in args.long)
    from shuyang.measurement import Responses

    people, what = ([str(v) for v in columns[name]] for name in (person, item))
    data = Responses.from_long(people, what, numbers(score, columns[score]), first_category=args.first)
    groups = _groups(columns, args.group)
    if groups is None:
        return Answers(data, None)
    of = dict(zip(people, groups, strict=True))
    return Answers(data, [of[p] for p in data.person_ids or ()])


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
