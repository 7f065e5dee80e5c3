"""The measurement commands on files: what goes in comes out, in every format, and errors are said in words."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from scipy.special import expit

from shuyang.cli.main import main
from shuyang.cli.tables import read_table, write_table
from shuyang.measurement import ItemParameters, Priors, calibrate
from shuyang.measurement.irt.priors import LogNormal, Normal

TRUE_B = np.linspace(-1.2, 1.2, 8)


def draw(n: int, seed: int, mean: float = 0.0) -> np.ndarray:
    rng = np.random.default_rng(seed)
    theta = rng.normal(mean, 1, n)
    return (rng.random((n, 8)) < expit(1.2 * (theta[:, None] - TRUE_B))).astype(int)


def table(x: np.ndarray, **more: Any) -> dict[str, Any]:
    return (
        {"id": [f"P{k:04d}" for k in range(len(x))]} | {f"Q{j + 1}": x[:, j].tolist() for j in range(x.shape[1])} | more
    )


@pytest.fixture
def files(tmp_path: Path) -> Path:
    write_table(tmp_path / "answers.csv", table(draw(500, 1)))
    return tmp_path


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


@pytest.mark.parametrize("suffix", [".csv", ".parquet", ".xlsx"])
def test_calibrate_reads_every_format_and_writes_a_bank(
    tmp_path: Path, suffix: str, capsys: pytest.CaptureFixture[str]
) -> None:
    x = draw(300, 2)
    write_table(tmp_path / f"answers{suffix}", table(x))
    bank, items = tmp_path / "bank.json", tmp_path / "items.csv"
    assert (
        main(["calibrate", str(tmp_path / f"answers{suffix}"), "--se", "--out", str(bank), "--table", str(items)]) == 0
    )
    assert "converged" in capsys.readouterr().out
    direct = calibrate(x, "2pl")
    found = ItemParameters.from_dict(json.loads(bank.read_text())["items"])
    assert found.ids == tuple(f"Q{j + 1}" for j in range(8))
    assert found.slopes == pytest.approx(direct.items.slopes, abs=1e-6)
    assert float(rows(items)[0]["se_a1"]) > 0


def test_long_tables_and_missing_answers(tmp_path: Path) -> None:
    x = draw(300, 3)
    long = [(f"P{i}", f"Q{j + 1}", int(x[i, j])) for i in range(300) for j in range(8) if (i + j) % 3]
    columns = dict(zip(("who", "what", "score"), zip(*long, strict=True), strict=True))
    write_table(tmp_path / "long.csv", columns)
    assert (
        main(
            [
                "calibrate",
                str(tmp_path / "long.csv"),
                "--long",
                "who",
                "what",
                "score",
                "--out",
                str(tmp_path / "b.json"),
            ]
        )
        == 0
    )
    wide = {f"Q{j + 1}": [int(x[i, j]) if (i + j) % 3 else None for i in range(300)] for j in range(8)}
    write_table(tmp_path / "wide.csv", {"person": list(range(300))} | wide)
    assert main(["calibrate", str(tmp_path / "wide.csv"), "--out", str(tmp_path / "c.json")]) == 0
    one, two = (json.loads((tmp_path / name).read_text())["log_likelihood"] for name in ("b.json", "c.json"))
    assert one == pytest.approx(two, abs=1e-6)


@pytest.mark.parametrize("kind", ["loads", "specific", "factors"])
def test_several_dimensions(tmp_path: Path, kind: str, capsys: pytest.CaptureFixture[str]) -> None:
    rng = np.random.default_rng(8)
    theta = rng.multivariate_normal([0, 0], [[1, 0.4], [0.4, 1]], size=900)
    right = expit(1.5 * (np.repeat(theta, 4, axis=1) - TRUE_B))
    write_table(tmp_path / "answers.csv", table((rng.random((900, 8)) < right).astype(int)))
    first = [1] * 4 + [0] * 4
    more = (
        {"one": first, "two": [1 - v for v in first]}
        if kind == "loads"
        else {"specific": ["x"] * 3 + ["y"] * 3 + ["z"] * 2}
    )
    write_table(tmp_path / "structure.csv", {"item": [f"Q{j + 1}" for j in range(8)]} | more)
    structure = ["--structure", str(tmp_path / "structure.csv")]
    shape = {"loads": structure, "specific": [*structure, "--testlet"], "factors": ["--factors", "2"]}[kind]
    answers, bank = str(tmp_path / "answers.csv"), str(tmp_path / "bank.json")
    assert main(["calibrate", answers, *shape, "--out", bank]) == 0
    assert main(["fit", answers, bank, "--out", str(tmp_path / "fit.csv")]) == 0
    assert main(["score", answers, bank, "--out", str(tmp_path / "scores.csv")]) == 0
    assert "theta2" in rows(tmp_path / "scores.csv")[0]
    assert "M2" in capsys.readouterr().out


def test_covariates_go_from_the_calibration_to_the_scores(tmp_path: Path) -> None:
    x = np.concatenate([draw(400, 1, -0.6), draw(400, 2, 0.6)])
    write_table(tmp_path / "answers.csv", table(x, course=[0] * 400 + [1] * 400))
    answers, bank = str(tmp_path / "answers.csv"), str(tmp_path / "bank.json")
    assert main(["calibrate", answers, "--covariates", "course", "--se", "--out", bank]) == 0
    found = json.loads((tmp_path / "bank.json").read_text())
    assert found["latent"]["coefficients"][0][0] == pytest.approx(1.2, abs=0.3)
    assert 0.02 < found["latent_errors"]["coefficient:0"] < 0.2
    assert main(["score", answers, bank, "--out", str(tmp_path / "s.csv")]) == 1
    assert main(["score", answers, bank, "--covariates", "course", "--out", str(tmp_path / "s.csv")]) == 0
    theta = np.array([float(row["theta"]) for row in rows(tmp_path / "s.csv")])
    assert theta[400:].mean() - theta[:400].mean() > 0.9


def test_score_and_fit_follow_a_calibration(files: Path, capsys: pytest.CaptureFixture[str]) -> None:
    answers, bank = str(files / "answers.csv"), str(files / "bank.json")
    assert main(["calibrate", answers, "--model", "rasch", "--out", bank]) == 0
    assert main(["score", answers, bank, "--method", "wle", "--out", str(files / "scores.csv")]) == 0
    scores = rows(files / "scores.csv")
    assert scores[0]["person"] == "P0000"
    assert len(scores) == 500
    targets = [str(files / name) for name in ("fit.json", "pairs.parquet", "persons.xlsx", "fit.png")]
    options = ["--out", targets[0], "--pairs", targets[1], "--persons", targets[2], "--plot", targets[3]]
    assert main(["fit", answers, bank, *options]) == 0
    assert "M2" in capsys.readouterr().out
    fitted = json.loads(Path(targets[0]).read_text())
    assert {"infit", "outfit", "sx2_x2"} <= set(fitted[0])
    assert len(read_table(Path(targets[1]))["item_1"]) == 28
    assert len(read_table(Path(targets[2]))["zh"]) == 500
    assert Path(targets[3]).stat().st_size > 1000


@pytest.mark.parametrize("method", ["lr", "mh", "logistic"])
def test_dif_finds_the_planted_item(tmp_path: Path, method: str) -> None:
    x = draw(1200, 4)
    x[600:, 3] = draw(600, 5)[:, 7]
    write_table(tmp_path / "answers.csv", table(x, region=["east"] * 600 + ["west"] * 600))
    out = tmp_path / "dif.csv"
    assert main(["dif", str(tmp_path / "answers.csv"), "--group", "region", "--method", method, "--out", str(out)]) == 0
    p = [float(row["p"]) for row in rows(out)]
    assert int(np.argmin(p)) == 3


def test_dif_on_adaptive_data_matches_on_ability(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    x = draw(1200, 6).astype(object)
    x[600:, 3] = draw(600, 7)[:, 7]
    x[::3, 5] = None
    path, bank = str(tmp_path / "answers.csv"), str(tmp_path / "bank.json")
    write_table(Path(path), table(x, region=["east"] * 600 + ["west"] * 600))
    assert main(["calibrate", path, "--ignore", "region", "--out", bank]) == 0
    assert main(["dif", path, "--group", "region", "--method", "mh"]) == 1
    assert "complete data" in capsys.readouterr().err
    assert main(["dif", path, "--group", "region", "--method", "mh", "--bank", bank]) == 0
    assert "Q4" in capsys.readouterr().out


def test_link_puts_a_form_on_the_scale_of_another(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    b = TRUE_B.tolist()
    write_table(tmp_path / "base.csv", {"item": list("abcdefgh"), "a": [1.2] * 8, "b": b})
    write_table(tmp_path / "form.csv", {"item": list("abcdefgh"), "a": [1.8] * 8, "b": [(v - 0.5) / 1.5 for v in b]})
    arguments = [str(tmp_path / "form.csv"), str(tmp_path / "base.csv"), "--out", str(tmp_path / "linked.json")]
    assert main(["link", *arguments, "--method", "haebara"]) == 0
    data = json.loads((tmp_path / "linked.json").read_text())
    assert (data["link"]["A"], data["link"]["B"]) == pytest.approx((1.5, 0.5), abs=1e-5)
    assert ItemParameters.from_dict(data["items"]).difficulties()[:, 0] == pytest.approx(TRUE_B, abs=1e-5)


def test_assemble_and_simulate(tmp_path: Path) -> None:
    bank = tmp_path / "bank.csv"
    write_table(bank, {"item": [f"I{k}" for k in range(40)], "a": [1.3] * 40, "b": np.linspace(-2, 2, 40).tolist(),
                       "facet": ["F1", "F2"] * 20})  # fmt: skip
    forms = [
        "--forms",
        "2",
        "--length",
        "8",
        "--target=-1:2",
        "--target",
        "0:2.5",
        "--target",
        "1:2",
        "--facet",
        "F1:3",
    ]
    assert main(["assemble", str(bank), *forms, "--out", str(tmp_path / "forms.csv")]) == 0
    chosen = rows(tmp_path / "forms.csv")
    assert len({row["item"] for row in chosen}) == len(chosen) == 16
    simulated = ["simulate", str(bank), "--n", "60", "--max-items", "12", "--out", str(tmp_path / "sim.csv")]
    assert main([*simulated, "--plot", str(tmp_path / "sim.png")]) == 0
    assert len(rows(tmp_path / "sim.csv")) == 60


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["score", "absent.csv", "bank.json"], "no such file"),
        (["calibrate", "answers.csv", "--out", "bank.txt"], ".json"),
        (["calibrate", "words.csv", "--out", "b.json"], 'column "Q1", row 3: "yes"'),
        (["calibrate", "answers.csv", "--model", "5pl", "--out", "b.json"], "unknown model"),
        (["dif", "answers.csv"], "--group"),
        (["dif", "answers.csv", "--group", "planet"], 'no column "planet"'),
        (["score", "answers.csv", "answers.csv"], 'no column "item"'),
        (["calibrate", "empty.csv", "--out", "b.json"], "no rows"),
        (["score", "answers.csv", "broken.json"], "not a bank"),
        (["calibrate", "sure.csv", "--out", "b.json"], "items: Q2"),
        (["calibrate", "gap.csv", "--model", "graded", "--out", "b.json"], "items: Q1] (--collapse)"),
        (["calibrate", "parts.csv", "--out", "b.json"], "--unconnected"),
        (["calibrate", "answers.csv", "--model", "5pl", "--out", "b.json"], "known: 1pl"),
        (["calibrate", "answers.csv", "--factors", "8", "--out", "b.json"], "more items than factors"),
        (["calibrate", "answers.csv", "--covariates", "nowhere", "--out", "b.json"], 'no column "nowhere"'),
        (["simulate", "items.csv", "--n", "0"], "--n must be 1"),
        (["simulate", "items.csv", "--min-items", "40"], "min_items: 40"),
    ],
)
def test_errors_are_said_in_words(files: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str],
                                  arguments: list[str], words: str) -> None:  # fmt: skip
    monkeypatch.chdir(files)
    (files / "words.csv").write_text("Q1,Q2\n1,0\nyes,1\n", "utf-8")
    (files / "empty.csv").write_text("Q1,Q2\n", "utf-8")
    (files / "broken.json").write_text("[1]", "utf-8")
    (files / "sure.csv").write_text("Q1,Q2\n1,1\n0,1\n1,1\n", "utf-8")
    (files / "gap.csv").write_text("Q1,Q2\n2,1\n0,0\n2,2\n0,1\n", "utf-8")
    (files / "parts.csv").write_text("A,B,C,D\n1,0,,\n0,1,,\n,,1,0\n,,0,1\n", "utf-8")
    (files / "items.csv").write_text("item,a,b\nQ1,1.1,0\nQ2,0.9,1\n", "utf-8")
    assert main(arguments) == 1
    assert words in capsys.readouterr().err


def test_answers_in_words_and_codes_of_no_answer(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    x = draw(300, 21)
    words = np.where(x == 1, "对", "错").astype(object)
    words[5, 0] = "缺考"
    write_table(tmp_path / "words.xlsx", table(words))
    codes = x.copy()
    codes[5, 0] = 9
    write_table(tmp_path / "codes.csv", table(codes))
    bank, other = tmp_path / "b.json", tmp_path / "c.json"
    told = ["--labels", "错", "对", "--missing", "缺考"]
    assert main(["calibrate", str(tmp_path / "words.xlsx"), *told, "--out", str(bank)]) == 0
    assert main(["calibrate", str(tmp_path / "codes.csv"), "--missing", "9", "--out", str(other)]) == 0
    assert json.loads(bank.read_text())["log_likelihood"] == json.loads(other.read_text())["log_likelihood"]
    capsys.readouterr()
    assert main(["calibrate", str(tmp_path / "words.xlsx"), "--out", str(bank)]) == 1
    assert "--labels" in capsys.readouterr().err


def test_priors_and_methods_reach_the_library(files: Path, capsys: pytest.CaptureFixture[str]) -> None:
    bank = files / "b.json"
    told = ["--model", "3pl", "--prior", "slope=lognormal:0,0.5", "guessing=normal:-1.4,0.5", "--nodes", "41"]
    assert main(["calibrate", str(files / "answers.csv"), *told, "--out", str(bank)]) == 0
    saved = json.loads(bank.read_text())
    priors = Priors(slope=LogNormal(0, 0.5), guessing=Normal(-1.4, 0.5))
    direct = calibrate(draw(500, 1), "3pl", priors=priors, nodes=41)
    assert saved["log_prior"] == pytest.approx(direct.log_prior)
    assert saved["method"] == "EM, 41 nodes"
    two = ["--factors", "2", "--method", "adaptive", "--points", "64", "--limit", "3"]
    assert main(["calibrate", str(files / "answers.csv"), *two, "--out", str(bank)]) == 1
    assert "adaptive quadrature" in json.loads(bank.read_text())["method"]
    assert "not converged" in capsys.readouterr().err
    for wrong in ("slope=0,1", "slope=beta:2,2", "g=normal:0,1", "slope=normal:0,x"):
        assert main(["calibrate", str(files / "answers.csv"), "--prior", wrong, "--out", str(bank)]) == 1
        assert "--prior" in capsys.readouterr().err


def test_fit_takes_a_bank_with_a_regression_or_groups(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    rng = np.random.default_rng(4)
    years = rng.normal(size=400)
    x = (rng.random((400, 8)) < expit(1.2 * (rng.normal(size=400)[:, None] + 0.5 * years[:, None] - TRUE_B))).astype(
        int
    )
    where = np.where(years > 0, "east", "west").tolist()
    write_table(tmp_path / "a.csv", table(x, years=years.tolist(), region=where))
    answers, bank = str(tmp_path / "a.csv"), str(tmp_path / "b.json")
    for option in (["--covariates", "years"], ["--group", "region"]):
        rest = [c for c in ("years", "region") if c not in option]
        assert main(["calibrate", answers, *option, "--ignore", *rest, "--out", bank]) == 0
        capsys.readouterr()
        assert main(["fit", answers, bank, *option, "--out", str(tmp_path / "f.csv")]) == 0
        said = capsys.readouterr()
        assert "items: infit" in said.out
        assert f"left aside: {rest[0]}" in said.err
        fitted = rows(tmp_path / "f.csv")
        assert len(fitted) == 8
        assert main(["score", answers, bank]) == 1
        assert option[0] in capsys.readouterr().err


def test_too_few_items_for_the_forms_are_counted(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write_table(tmp_path / "items.csv", {"item": [f"Q{j}" for j in range(8)], "a": [1.0] * 8, "b": TRUE_B.tolist()})
    assert main(["assemble", str(tmp_path / "items.csv"), "--forms", "2", "--length", "5", "--target", "0:1"]) == 1
    assert "need 10, the bank has 8" in capsys.readouterr().err
