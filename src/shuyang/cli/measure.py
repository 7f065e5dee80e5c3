"""`shuyang calibrate | score | fit | dif | link | assemble | simulate`: the measurement library on files.

No database and no settings: these commands work wherever the package is installed.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import Any

from shuyang.cli.main import example
from shuyang.cli.measure_errors import in_words
from shuyang.cli.measure_inputs import (
    PRIOR_EXAMPLE,
    Answers,
    check_population,
    parse_pairs,
    read_answers,
    read_bank,
    read_priors,
    read_structure,
)
from shuyang.cli.measure_output import conclude, draw, need_json, progress, write, write_json
from shuyang.kernel.errors import Invalid

MODELS = "rasch, 1pl, 2pl, 3pl, 4pl, graded, pcm, gpcm, rsm, nominal"


def register(commands: Any) -> None:
    """Add the seven commands."""
    for add in (_add_calibrate, _add_score, _add_fit, _add_dif, _add_link, _add_assemble, _add_simulate):
        add(commands)


def _answers(command: argparse.ArgumentParser) -> None:
    command.add_argument("answers", type=Path, help="CSV, Parquet or Excel: one row a person, one column an item")
    command.add_argument(
        "--long", nargs=3, metavar=("PERSON", "ITEM", "SCORE"), help="columns of a file with one row an answer"
    )
    command.add_argument("--id", help="column that names the person (found by itself when called id or 编号)")
    command.add_argument("--group", help="column that names the person's group")
    command.add_argument("--covariates", nargs="*", default=[], help="columns of numbers for a latent regression")
    command.add_argument("--ignore", nargs="*", default=[], help="columns that are no items")
    command.add_argument("--first", type=int, default=0, help="number of the lowest category (default 0)")
    command.add_argument(
        "--labels", nargs="*", default=[], metavar="LABEL", help="answers in words, from the lowest: --labels 错 对"
    )
    command.add_argument("--missing", nargs="*", default=[], metavar="CODE", help="codes of no answer: --missing 9 99")


def _out(command: argparse.ArgumentParser, what: str) -> None:
    command.add_argument("--out", type=Path, help=f"write {what} to this .csv, .parquet, .xlsx or .json file")


def _add_calibrate(commands: Any) -> None:
    text = "  shuyang calibrate answers.csv --model 2pl --se --out bank.json --table items.csv"
    command = commands.add_parser("calibrate", help="estimate item parameters from answers", **example(text))
    _answers(command)
    command.add_argument("--model", default="2pl", help=f"one of {MODELS}")
    command.add_argument("--models", nargs="*", default=[], metavar="ITEM:MODEL", help="other models for single items")
    command.add_argument(
        "--anchors", type=Path, help="a bank whose items keep their parameters (fixed-item calibration)"
    )
    command.add_argument("--factors", type=int, help="exploratory: number of dimensions")
    command.add_argument(
        "--structure",
        type=Path,
        help="table with a column item and either one 0/1 column a dimension (confirmatory) or a column specific (bifactor)",
    )
    command.add_argument("--testlet", action="store_true", help="with specific: a testlet model instead of bifactor")
    command.add_argument(
        "--prior",
        nargs="*",
        default=[],
        metavar="WHAT=KIND:A,B",
        help=f"priors, for small samples: {PRIOR_EXAMPLE[8:]}",
    )
    command.add_argument(
        "--method",
        default="auto",
        choices=("auto", "grid", "adaptive", "stochastic"),
        help="estimator in several dimensions",
    )
    command.add_argument("--points", type=int, default=256, help="points a person of the adaptive method (default 256)")
    command.add_argument(
        "--nodes", type=int, help="quadrature nodes a dimension (default 61; 31 in several dimensions)"
    )
    command.add_argument("--limit", type=int, default=1000, help="most expectation steps (default 1000)")
    command.add_argument("--se", action="store_true", help="standard errors and covariance")
    command.add_argument("--collapse", action="store_true", help="join categories that nobody used")
    command.add_argument("--unconnected", action="store_true", help="accept parts without common persons")
    command.add_argument("--out", type=Path, required=True, help="the calibration, a .json file")
    command.add_argument("--table", type=Path, help="the parameters as a table")
    command.set_defaults(run=in_words(run_calibrate))


def run_calibrate(args: argparse.Namespace) -> int:
    from shuyang.measurement import calibrate

    need_json(args.out)
    given = read_answers(args)
    special = dict(text.rpartition(":")[::2] for text in args.models)
    models = {name: special.get(name, args.model) for name in given.responses.item_ids}
    anchors = read_bank(args.anchors)[0] if args.anchors else None
    priors = read_priors(args.prior)
    shape = read_structure(args, given.responses.item_ids)
    with progress("calibrating") as report:
        result = calibrate(
            given.responses,
            models,
            groups=given.groups,
            covariates=given.covariates,
            check_connection=not args.unconnected,
            **shape,
            anchors=anchors,
            priors=priors,
            method=args.method,
            points=args.points,
            nodes=args.nodes,
            limit=args.limit,
            standard_errors=args.se,
            collapse=args.collapse,
            progress=lambda step, value, change: report(
                f"step {step}, log-likelihood {value:.3f}, distance {change:.1e}"
            ),
        )
    write_json(args.out, result.to_dict())
    write(args.table, result.to_table())
    print(result.summary())
    if result.converged:
        return 0
    print(f"没有收敛，参数不可用。not converged: do not use the parameters. {PRIOR_EXAMPLE}?", file=sys.stderr)
    return 1


def _add_score(commands: Any) -> None:
    command = commands.add_parser(
        "score",
        help="estimate abilities from answers and a bank",
        **example("  shuyang score answers.csv bank.json --method eap --out scores.csv"),
    )
    _answers(command)
    command.add_argument("bank", type=Path, help="a calibration (.json) or a table of parameters")
    command.add_argument("--method", default="eap", choices=("eap", "map", "ml", "wle", "warm"))
    command.add_argument("--parameter-variance", action="store_true", help="add the items' own uncertainty")
    _out(command, "the scores")
    command.set_defaults(run=in_words(run_score))


def run_score(args: argparse.Namespace) -> int:
    from shuyang.measurement import score

    items, latent = read_bank(args.bank)
    given = read_answers(args, items.ids)
    check_population(latent, given)
    with progress("scoring"):
        result = score(
            given.responses,
            items,
            method=args.method,
            latent=latent,
            groups=given.groups,
            covariates=given.covariates,
            parameter_variance=args.parameter_variance,
        )
    return conclude(args.out, result.to_table(), result.summary())


def _add_fit(commands: Any) -> None:
    command = commands.add_parser(
        "fit",
        help="fit of model, items, pairs and persons",
        **example("  shuyang fit answers.csv bank.json --out fit.csv"),
    )
    _answers(command)
    command.add_argument("bank", type=Path, help="a calibration (.json) or a table of parameters")
    command.add_argument("--pairs", type=Path, help="write local dependence (Q3) of all pairs of items")
    command.add_argument("--persons", type=Path, help="write the fit of persons")
    command.add_argument("--plot", type=Path, help="draw observed means over expected curves (.png, .svg, .pdf)")
    _out(command, "the fit of items")
    command.set_defaults(run=in_words(run_fit))


def run_fit(args: argparse.Namespace) -> int:
    from shuyang.measurement import item_fit, person_fit, q3, score

    items, latent = read_bank(args.bank)
    given = read_answers(args, items.ids)
    check_population(latent, given)
    with progress("judging fit") as report:
        report("abilities")
        found = score(given.responses, items, latent=latent, groups=given.groups, covariates=given.covariates)
        place: dict[str, Any] = {"theta": found.theta}
        report("items")
        rows = item_fit(given.responses, items, **place)
        table = rows.to_table() | _sum_score_fit(given, items, latent)
        report("pairs")
        dependence = q3(given.responses, items, **place)
        report("persons")
        persons = person_fit(given.responses, items, **place)
        report("model")
        whole = _model_fit(given, items, latent)
    write(args.pairs, dependence.to_table())
    write(args.persons, persons.to_table())
    draw(args.plot, lambda: _residual_plot(given, items, found.theta))
    lines = f"items: {rows.summary()}", dependence.summary(), f"persons: {persons.summary()}"
    return conclude(args.out, table, whole, *lines)


def _sum_score_fit(given: Answers, items: Any, latent: Any) -> dict[str, list[Any]]:
    """S-X2 columns where the data allow it, with a line that says why where not."""
    from shuyang.measurement import s_x2
    from shuyang.measurement.errors import MeasurementError

    try:
        table = s_x2(given.responses, items, latent=latent).to_table()
    except MeasurementError as error:
        print(f"S-X2: not available ({error.message})")
        return {}
    return {f"sx2_{name}": values for name, values in table.items() if name != "item"}


def _model_fit(given: Answers, items: Any, latent: Any) -> str:
    from shuyang.measurement import model_fit
    from shuyang.measurement.errors import MeasurementError

    try:
        return str(model_fit(given.responses, items, latent=latent).summary())
    except MeasurementError as error:
        return f"M2: not available ({error.message})"


def _residual_plot(given: Answers, items: Any, theta: Any) -> Any:
    from shuyang.measurement.plots import fit_residuals

    return fit_residuals(given.responses, items, theta=theta)


def _add_dif(commands: Any) -> None:
    command = commands.add_parser(
        "dif",
        help="do items favour a group among equals?",
        **example(
            "  shuyang dif answers.csv --group region --method mh\n"
            "  shuyang dif answers.csv --group region --method lr --purify"
        ),
    )
    _answers(command)
    command.add_argument(
        "--method",
        default="lr",
        choices=("lr", "mh", "logistic"),
        help="likelihood ratio, Mantel-Haenszel or logistic regression",
    )
    command.add_argument("--reference", help="the reference group (default the first in the file)")
    command.add_argument("--focal", help="the other group, where there are more than two (mh)")
    command.add_argument("--model", default="2pl", help=f"for lr: one of {MODELS}")
    command.add_argument(
        "--bank", type=Path, help="for mh, logistic: match on ability scored with this bank (adaptive data)"
    )
    command.add_argument("--purify", action="store_true", help="leave items with DIF out of the matching")
    _out(command, "the table")
    command.set_defaults(run=in_words(run_dif))


def run_dif(args: argparse.Namespace) -> int:
    given = read_answers(args)
    if given.groups is None:
        raise Invalid(message="say which column holds the groups: --group NAME")
    with progress("comparing groups") as report:
        result = _dif(args, given, report)
    return conclude(args.out, result.to_table(), result.summary())


def _dif(args: argparse.Namespace, given: Answers, report: Any) -> Any:
    from shuyang.measurement import likelihood_ratio_dif, logistic_dif, mantel_haenszel, score

    groups = given.groups or []
    if args.method == "lr":
        return likelihood_ratio_dif(
            given.responses,
            groups,
            args.model,
            reference=args.reference,
            purify=args.purify,
            progress=lambda done, total: report(f"item {done} of {total}", done / total),
        )
    ability = None
    if args.bank:
        items, _ = read_bank(args.bank)  # one prior for all: the groups' own would move the matching
        ability = score(given.responses, items).theta[:, 0]
    shared: dict[str, Any] = {"ability": ability, "reference": args.reference, "purify": args.purify}
    if args.method == "mh":
        return mantel_haenszel(given.responses, groups, focal=args.focal, **shared)
    return logistic_dif(given.responses, groups, **shared)


def _add_link(commands: Any) -> None:
    command = commands.add_parser(
        "link",
        help="put one calibration on the scale of another",
        **example("  shuyang link form-b.json form-a.json --out linked.json"),
    )
    command.add_argument("form", type=Path, help="the calibration to move")
    command.add_argument("base", type=Path, help="the calibration whose scale it gets")
    command.add_argument(
        "--method",
        default="stocking-lord",
        choices=("mean", "mean-mean", "mean-sigma", "mean-gmean", "haebara", "stocking-lord"),
    )
    command.add_argument("--anchors", nargs="*", help="items to link by (default all common ones)")
    command.add_argument("--out", type=Path, help="the moved bank, a .json file")
    command.add_argument("--table", type=Path, help="drift of the common items after linking, as a table")
    command.set_defaults(run=in_words(run_link))


def run_link(args: argparse.Namespace) -> int:
    from shuyang.measurement import link, parameter_drift

    if args.out:
        need_json(args.out)
    (form, _), (base, _) = read_bank(args.form), read_bank(args.base)
    result = link(form, base, method=args.method, anchors=args.anchors)
    moved = result.transform(form)
    drift = parameter_drift(base, moved)
    if args.out:
        write_json(args.out, {"items": moved.to_dict(), "link": result.to_dict()})
    return conclude(args.table, drift.to_table(), result.summary(), drift.summary())


def _add_assemble(commands: Any) -> None:
    command = commands.add_parser(
        "assemble",
        help="assemble parallel forms to a target information curve",
        **example(
            "  shuyang assemble items.csv --forms 2 --length 20 --target=-1:5 --target 0:8 --target 1:5 --out forms.csv"
        ),
    )
    command.add_argument("bank", type=Path, help="a bank; a table may have columns facet, kind, seconds")
    command.add_argument("--forms", type=int, default=1)
    command.add_argument("--length", type=int, required=True, help="items a form")
    command.add_argument(
        "--target", action="append", required=True, metavar="ABILITY:INFORMATION", help="repeat for each ability"
    )
    command.add_argument(
        "--facet", action="append", default=[], metavar="FACET:MINIMUM", help="at least so many items of a facet"
    )
    command.add_argument("--seconds", type=float, help="longest time of a form")
    command.add_argument("--limit", type=float, default=30.0, help="seconds to search (default 30)")
    _out(command, "the forms")
    command.set_defaults(run=in_words(run_assemble))


def run_assemble(args: argparse.Namespace) -> int:
    from shuyang.cli.measure_forms import assemble

    with progress("assembling"):
        result, table = assemble(
            args.bank,
            forms=args.forms,
            length=args.length,
            targets=parse_pairs(args.target, "--target"),
            facets=parse_pairs(args.facet, "--facet"),
            seconds=args.seconds,
            limit=args.limit,
        )
    return conclude(args.out, table, result.summary())


def _add_simulate(commands: Any) -> None:
    command = commands.add_parser(
        "simulate",
        help="simulate adaptive tests from a bank",
        **example("  shuyang simulate bank.json --n 1000 --target-se 0.3 --plot cat.png"),
    )
    command.add_argument("bank", type=Path, help="a one-dimensional bank")
    command.add_argument("--n", type=int, default=1000, help="examinees (default 1000)")
    command.add_argument("--mean", type=float, default=0.0, help="mean ability of the examinees")
    command.add_argument("--sd", type=float, default=1.0, help="its standard deviation")
    command.add_argument("--target-se", type=float, default=0.3, help="stop at this standard error")
    command.add_argument("--min-items", type=int, default=1)
    command.add_argument("--max-items", type=int, default=30)
    command.add_argument("--randomesque", type=int, default=1, help="draw among so many best items")
    command.add_argument("--seed", type=int, default=1)
    command.add_argument("--plot", type=Path, help="draw bias, RMSE, lengths and exposure (.png, .svg, .pdf)")
    _out(command, "one row an examinee")
    command.set_defaults(run=in_words(run_simulate))


def run_simulate(args: argparse.Namespace) -> int:
    import numpy as np

    from shuyang.measurement.simulate.one_dimension import CatRules, simulate_cat

    items, _ = read_bank(args.bank)
    if args.n < 1 or args.sd < 0:
        raise Invalid(message="--n must be 1 or more, --sd not negative")
    theta = np.random.default_rng(args.seed).normal(args.mean, args.sd, args.n)
    rules = CatRules(
        target_se=args.target_se, min_items=args.min_items, max_items=args.max_items, randomesque=args.randomesque
    )
    with progress("simulating") as report:
        result = simulate_cat(
            items, theta, rules, seed=args.seed, progress=lambda done: report(f"{done} of {args.n}", done / args.n)
        )
    write(args.out, result.to_table())
    draw(args.plot, lambda: _simulation_plot(result))
    print(result.summary())
    return 0


def _simulation_plot(result: Any) -> Any:
    from shuyang.measurement.plots import simulation

    return simulation(result)
