"""Information by expert priors."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest

from shuyang.packs.api import builtin_folder, information_of, read_pack
from shuyang.packs.contracts import LocatedItem
from tests.itembank.make import item


def test_it_adds_up_the_items_of_a_force() -> None:
    pack, _ = read_pack(builtin_folder())
    assert pack is not None
    one, two = (LocatedItem("x", item("order", id=f"S-F09-3-00{n}")) for n in (1, 2))
    left_out = (LocatedItem("x", item("order", id="P-F09-3-001")), LocatedItem("x", item("order", state="draft")))
    single = {f.force: f for f in information_of(dataclasses.replace(pack, items=(one, *left_out)))}
    double = {f.force: f for f in information_of(dataclasses.replace(pack, items=(one, two)))}
    assert single["decision"].items == 1
    assert single["growth"].information == (0.0,) * 5
    assert single["growth"].smallest_se == (1.0,) * 5
    assert double["decision"].information == pytest.approx([2 * x for x in single["decision"].information])
    assert double["decision"].smallest_se == pytest.approx(1 / np.sqrt(1 + np.array(double["decision"].information)))
    assert double["decision"].best_dozen_se == double["decision"].smallest_se
    assert information_of(dataclasses.replace(pack, items=())) == ()


def test_it_finds_the_built_in_bank_precise_enough_everywhere_officials_are() -> None:
    pack, _ = read_pack(builtin_folder())
    assert pack is not None
    for force in information_of(pack):
        assert max(force.smallest_se) < 0.30, force.force
