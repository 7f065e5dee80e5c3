"""Reports about items, and the bank's lists."""

from __future__ import annotations

from uuid import UUID

import pytest

from shuyang.itembank import api
from shuyang.itembank.models import ItemReport, ItemVersion
from shuyang.kernel.errors import Conflict, Forbidden, Invalid, NotFound
from shuyang.kernel.ids import new_id
from shuyang.trust.api import SYSTEM, Role
from shuyang.trust.models import AuditEntry
from tests.cast import Cast, make_cast, make_member
from tests.itembank.make import SHAPES, item

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast() -> Cast:
    return make_cast()


@pytest.fixture
def version() -> UUID:
    items = [item(kind, id=f"S-F01-{n % 5 + 1}-{n:03}") for n, kind in enumerate(SHAPES)]
    api.load_items(actor=SYSTEM, contents=items, source="test")
    return ItemVersion.objects.get(type="single").id


def test_it_keeps_one_open_report_per_person_and_item(cast: Cast, version: UUID) -> None:
    first = api.report_item(actor=cast.learner.actor, version_id=version, reason="unclear", text="看不懂")
    again = api.report_item(actor=cast.learner.actor, version_id=version, reason="other", text=" 还是不懂 ")
    other = api.report_item(actor=cast.clerk.actor, version_id=version, reason="wrong")
    assert first == again != other
    assert ItemReport.objects.get(id=first).text == "还是不懂"
    entry = AuditEntry.objects.filter(action="item.reported").first()
    assert entry is not None
    assert "懂" not in str(entry.details)


@pytest.mark.parametrize(
    ("reason", "text", "code"),
    [("bad", "", "unknown_reason"), ("other", " ", "required"), ("unclear", "长" * 1001, "too_long")],
)
def test_it_refuses_a_report_that_says_nothing(cast: Cast, version: UUID, reason: str, text: str, code: str) -> None:
    with pytest.raises(Invalid) as caught:
        api.report_item(actor=cast.learner.actor, version_id=version, reason=reason, text=text)
    assert caught.value.problems[0].code == code
    assert not ItemReport.objects.exists()


def test_it_takes_reports_of_persons_about_known_items_only(cast: Cast, version: UUID) -> None:
    with pytest.raises(Forbidden):
        api.report_item(actor=cast.administrator, version_id=version, reason="unclear")
    with pytest.raises(NotFound):
        api.report_item(actor=cast.learner.actor, version_id=new_id(), reason="unclear")


def test_it_waits_for_a_reviewer_who_answers_once(cast: Cast, version: UUID) -> None:
    reviewer = make_member("P010", "审题人", cast.finance, Role.REVIEWER).actor
    author = make_member("P011", "命题人", cast.finance, Role.AUTHOR).actor
    report = api.report_item(actor=cast.learner.actor, version_id=version, reason="wrong", text="应为丙")
    assert [(todo.code, todo.count) for todo in api.todos(reviewer)] == [("item_reports", 1)]
    assert api.todos(author) == []
    assert api.todos(cast.learner.actor) == []
    with pytest.raises(Forbidden):
        api.decide_report(actor=author, report_id=report, uphold=True, answer="改")
    with pytest.raises(Invalid):
        api.decide_report(actor=reviewer, report_id=report, uphold=True, answer=" ")
    api.decide_report(actor=reviewer, report_id=report, uphold=True, answer="键值有误，已改")
    with pytest.raises(Conflict):
        api.decide_report(actor=reviewer, report_id=report, uphold=False, answer="不改")
    assert api.todos(reviewer) == []
    shown = api.item(actor=author, key="S-F01-1-000").reports
    assert [(one.state.value, one.answer) for one in shown] == [("upheld", "键值有误，已改")]


def test_it_shows_the_bank_to_those_who_work_on_it_only(cast: Cast, version: UUID) -> None:
    for stranger in (cast.learner.actor, cast.organiser.actor, cast.administrator):
        for read in (api.items, api.coverage, api.open_reports):
            with pytest.raises(Forbidden):
                read(actor=stranger)
        with pytest.raises(Forbidden):
            api.item(actor=stranger, key="S-F01-1-000")


def test_it_filters_and_pages(cast: Cast, version: UUID) -> None:
    author = make_member("P011", "命题人", cast.finance, Role.AUTHOR).actor
    api.report_item(actor=cast.learner.actor, version_id=version, reason="wrong")

    def keys(**where: object) -> list[str]:
        rows, total = api.items(actor=author, where=api.ItemFilter(**where))  # type: ignore[arg-type]
        assert total == len(rows)
        return [row.key for row in rows]

    assert len(keys()) == 7
    assert keys(type="order") == ["S-F01-3-002"]
    assert keys(level=2) == ["S-F01-2-001", "S-F01-2-006"]
    assert keys(facet="F02") == []
    assert keys(reported=True) == ["S-F01-1-000"]
    assert keys(text="S-F01-4") == ["S-F01-4-003"]
    assert keys(purpose="practice") == []
    assert keys(retired=True) == []
    rows, total = api.items(actor=author, page=2, per_page=5)
    assert (len(rows), total) == (2, 7)
    assert sum(cell.total for cell in api.coverage(actor=author)) == 7
    with pytest.raises(NotFound):
        api.item(actor=author, key="S-F99-1-000")


def test_it_names_the_items_that_rest_on_a_citation(cast: Cast) -> None:
    cited = [item("single", citations=["pipl-2021#13"]), item("order", id="S-F01-3-002", citations=["dsl-2021"])]
    api.load_items(actor=SYSTEM, contents=cited, source="test")
    author = make_member("P011", "命题人", cast.finance, Role.AUTHOR).actor
    found = api.items_citing(actor=author, citation_ids=["pipl-2021", "csl"])
    assert found == {"pipl-2021": ("S-F01-3-001",), "csl": ()}
    assert api.cited_in(facet="F01") == ("dsl-2021", "pipl-2021")
