"""A questionnaire in words: the form as it is read and filled, its sums as tables for page and Excel."""

from __future__ import annotations

from collections.abc import Iterator
from io import BytesIO
from typing import Any

import xlsxwriter
from django.http import QueryDict
from django.utils.translation import gettext as _

from shuyang.delivery.api import GroupSums, OwnSurvey, Question, QuestionKind, QuestionSums, SurveyResults
from shuyang.frameworks.api import current
from shuyang.web.result_view import names
from shuyang.web.words.survey import GROUPINGS, STEPS

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def read_answers(questions: tuple[Question, ...], form: QueryDict) -> dict[str, Any]:
    """What the form holds, by question; the room judges it."""
    found: dict[str, Any] = {}
    for question in questions:
        if question.kind == QuestionKind.MULTIPLE:
            found[question.id] = form.getlist(question.id)
        elif question.kind == QuestionKind.SELF_RATING:
            start = f"{question.id}-"
            found[question.id] = {name.removeprefix(start): form[name] for name in form if name.startswith(start)}
        else:
            found[question.id] = form.get(question.id, "")
    return found


def form_lines(own: OwnSurvey, answers: dict[str, Any], problems: dict[str, str]) -> list[dict[str, Any]]:
    """The questions as the form shows them, with what is chosen and what is wrong."""
    framework = current()
    name = names(framework)
    levels = [(level, name[f"L{level}"]) for level in range(1, 6)]
    lines = []
    for number, question in enumerate(own.survey.questions, 1):
        given = answers.get(question.id)
        line: dict[str, Any] = {"q": question, "number": number, "given": given, "problem": problems.get(question.id)}
        if question.kind == QuestionKind.SELF_RATING:
            rated = given if isinstance(given, dict) else {}
            line["levels"] = levels
            line["facets"] = [(f.id, name[f.id], str(rated.get(f.id, ""))) for f in framework.facets]
        elif question.kind == QuestionKind.LIKERT:
            line["choices"] = [(str(i), step, str(given) == str(i)) for i, step in enumerate(STEPS, 1)]
        elif question.options:
            chosen = {str(one) for one in (given if isinstance(given, list) else [given])}
            line["choices"] = [(str(i), o, str(i) in chosen) for i, o in enumerate(question.options)]
        lines.append(line)
    return lines


def results_tables(results: SurveyResults) -> list[dict[str, Any]]:
    """Each question with its sums: all together, and the groups beside each other."""
    by_group = {
        key: [(_group_name(key, g), {s.question.id: s for s in g.questions} if g.shown else None) for g in groups]
        for key, groups in results.groups.items()
    }
    return [
        {
            "sums": sums,
            "number": number,
            "rows": list(_rows(sums)),
            "groups": [
                {"title": GROUPINGS[key], "columns": list(_columns(sums.question)), "lines": _lines(sums, groups)}
                for key, groups in by_group.items()
                if len(groups) > 1 and sums.answered and sums.question.kind != QuestionKind.OPEN
            ],
        }
        for number, sums in enumerate(results.whole.questions, 1)
    ]


def _group_name(key: str, group: GroupSums) -> str:
    if not group.label:
        return _("Not recorded")
    return names(current()).get(group.label, group.label) if key != "unit" else group.label


def _columns(question: Question) -> Iterator[str]:
    if question.kind == QuestionKind.SELF_RATING:
        yield from (names(current())[facet.id] for facet in current().facets)
        return
    if question.kind == QuestionKind.LIKERT:
        yield _("Mean (1 to 5)")
    yield from (str(step) for step in (STEPS if question.kind == QuestionKind.LIKERT else question.options))


def _cells(sums: QuestionSums) -> list[str]:
    if sums.question.kind == QuestionKind.SELF_RATING:
        means = [sums.means.get(facet.id) for facet in current().facets]
        return [f"{m.mean:.2f}" if m else "—" for m in means]
    shares = [f"{100 * count / sums.answered:.0f}%" for count in sums.counts]
    if sums.question.kind == QuestionKind.LIKERT:
        one = sums.means[""]
        return [f"{one.mean:.2f} ({one.low:.2f}–{one.high:.2f})", *shares]
    return shares


def _lines(whole: QuestionSums, groups: list[tuple[str, dict[str, QuestionSums] | None]]) -> list[tuple[str, int, Any]]:
    """(group, people who answered, cells or None where the group is hidden)."""
    lines: list[tuple[str, int, Any]] = []
    for label, sums in groups:
        mine = sums.get(whole.question.id) if sums else None
        lines.append((label, mine.answered, _cells(mine)) if mine and mine.answered else (label, 0, None))
    return lines


def _rows(sums: QuestionSums) -> Iterator[tuple[str, str, float]]:
    """(label, figure, share 0 to 100 for a bar) of a question in all answers together."""
    if not sums.answered:
        return
    if sums.question.kind == QuestionKind.SELF_RATING:
        for facet, mean in sums.means.items():
            yield (
                names(current()).get(facet, facet),
                f"{mean.mean:.2f} ({mean.low:.2f}–{mean.high:.2f})",
                20 * mean.mean,
            )
    labels = STEPS if sums.question.kind == QuestionKind.LIKERT else sums.question.options
    for label, count in zip(labels, sums.counts, strict=False):
        share = 100 * count / sums.answered
        yield str(label), f"{count} ({share:.0f}%)", share


def workbook(results: SurveyResults) -> bytes:
    """The sums as an Excel file: one sheet for all, one for each grouping, one for open answers."""
    stream = BytesIO()
    book = xlsxwriter.Workbook(stream, {"in_memory": True, "strings_to_formulas": False})
    tables = results_tables(results)
    whole, open_ones = book.add_worksheet(_("All together")), None
    line = _put(whole, 0, [results.survey.name])
    mark = _("Synthetic data") if results.survey.synthetic else ""
    line = _put(whole, line, [_("Handed in"), "" if results.submitted is None else str(results.submitted), mark]) + 1
    for table in tables:
        line = _put(whole, line, [f"{table['number']}. {table['sums'].question.text}", str(table["sums"].answered)])
        for label, figure, _share in table["rows"]:
            line = _put(whole, line, ["", label, figure])
    for key, title in GROUPINGS.items():
        _grouping(book.add_worksheet(str(title)), tables, str(title)) if results.groups.get(key) else None
    for table in tables:
        if table["sums"].words:
            open_ones = open_ones or book.add_worksheet(_("Open answers"))
            _put_open(open_ones, table)
    book.close()
    return stream.getvalue()


def _grouping(sheet: Any, tables: list[dict[str, Any]], title: str) -> None:
    line = 0
    for table in tables:
        for group in table["groups"]:
            if str(group["title"]) != title:
                continue
            line = _put(sheet, line, [f"{table['number']}. {table['sums'].question.text}"])
            line = _put(sheet, line, ["", _("People who answered"), *group["columns"]])
            for label, count, cells in group["lines"]:
                line = _put(
                    sheet, line, [label, *([str(count), *cells] if cells else [_("Fewer than five: not shown")])]
                )


def _put_open(sheet: Any, table: dict[str, Any]) -> None:
    line = sheet.dim_rowmax + 1 if sheet.dim_rowmax is not None else 0
    line = _put(sheet, line, [f"{table['number']}. {table['sums'].question.text}"])
    for words in table["sums"].words:
        line = _put(sheet, line, ["", words])


def _put(sheet: Any, line: int, cells: list[str]) -> int:
    for column, cell in enumerate(cells):
        sheet.write_string(line, column, cell)
    return line + 1
