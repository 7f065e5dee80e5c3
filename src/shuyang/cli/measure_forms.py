"""Parallel forms from a one-dimensional bank in a file."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from shuyang.cli.measure_inputs import read_bank
from shuyang.cli.tables import Columns, numbers, read_table
from shuyang.kernel.errors import Invalid

if TYPE_CHECKING:
    from shuyang.measurement.cat.assembly import Assembly
    from shuyang.measurement.cat.contracts import CatItem

_KINDS: dict[str, Literal["3pl", "grm", "gpcm"]] = {
    **dict.fromkeys(("rasch", "1pl", "2pl", "3pl"), "3pl"),
    "graded": "grm",
    **dict.fromkeys(("pcm", "gpcm", "rsm"), "gpcm"),
}


def assemble(
    path: Path,
    *,
    forms: int,
    length: int,
    targets: Sequence[tuple[str, float]],
    facets: Sequence[tuple[str, float]],
    seconds: float | None,
    limit: float,
) -> tuple[Assembly, dict[str, list[Any]]]:
    """The assembly and its table (form, item id). Raises Invalid for an item that forms can't hold."""
    from shuyang.measurement.cat.assembly import InformationTarget, assemble_forms
    from shuyang.measurement.cat.bank import compile_bank
    from shuyang.measurement.cat.contracts import Blueprint, FacetQuota

    items = _cat_items(path)
    if forms * length > len(items):
        need = forms * length
        text = f"题库只有 {len(items)} 道题，{forms} 份每份 {length} 题需要 {need} 道"
        raise Invalid(message=f"{text} {forms} forms of {length} items need {need}, the bank has {len(items)}")
    ladder = sorted((_number(at), wanted) for at, wanted in targets)
    blueprint = Blueprint(
        target_se=(0.0,),
        min_items=length,
        max_items=length,
        max_seconds=seconds,
        facets=tuple(FacetQuota(name, minimum=int(least)) for name, least in facets),
    )
    target = InformationTarget(0, tuple(at for at, _ in ladder), tuple(wanted for _, wanted in ladder))
    bank = compile_bank(items, dims=1)
    result = assemble_forms(bank, blueprint, [target], forms=forms, length=length, time_limit=limit)
    table = result.to_table()
    return result, {"form": [f + 1 for f in table["form"]], "item": [items[i].id for i in table["item"]]}


def _number(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        raise Invalid(message=f'--target: "{text}" is not an ability') from None


def _cat_items(path: Path) -> list[CatItem]:
    from shuyang.measurement.cat.contracts import CatItem

    bank, _ = read_bank(path)
    other = [i for i, m in zip(bank.ids, bank.models, strict=True) if m not in _KINDS]
    if bank.dimensions != 1 or other:
        raise Invalid(message=f"{path}: forms need one dimension and no nominal or 4PL items {other[:5]}")
    columns: Columns = {} if path.suffix.lower() == ".json" else read_table(path)
    facets, kinds = ([str(v) for v in columns.get(name, [""] * len(bank))] for name in ("facet", "kind"))
    seconds = numbers("seconds", columns["seconds"]) if "seconds" in columns else [60.0] * len(bank)
    steps = bank.difficulties()
    return [
        CatItem(
            id=bank.ids[j],
            dim=0,
            model=_KINDS[bank.models[j]],
            slope=float(bank.slopes[j, 0]),
            thresholds=tuple(float(b) for b in steps[j, : bank.categories[j] - 1]),
            guessing=float(bank.g[j]),
            facet=facets[j],
            kind=kinds[j],
            seconds=float(seconds[j]),
        )
        for j in range(len(bank))
    ]
