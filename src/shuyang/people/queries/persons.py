"""Reads of persons and posts."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from uuid import UUID

from django.db.models import Q, QuerySet

from shuyang.kernel.clock import today
from shuyang.kernel.errors import NotFound
from shuyang.people.contracts import JobCategory, PeoplePage, PersonView, PostView, RankLayer
from shuyang.people.models import Person, Post
from shuyang.people.policies import SeePerson
from shuyang.people.rules import clean_number, halfwidth
from shuyang.trust.api import Actor

PAGE = 50
CHUNK = 500  # keys per statement: SQLite and PostgreSQL both take it gladly


def post_view(row: Post) -> PostView:
    return PostView(
        id=row.id,
        person_id=row.person_id,
        unit_id=row.unit_id,
        unit_path=row.unit_path,
        unit_name=row.unit.name,
        rank_layer=RankLayer(row.rank_layer),
        job_category=JobCategory(row.job_category),
        title=row.title,
        from_date=row.from_date,
        to_date=row.to_date,
    )


def person_view(row: Person, post: PostView | None) -> PersonView:
    return PersonView(
        id=row.id,
        number=row.number,
        name=row.name,
        unit_id=row.unit_id,
        unit_name=row.unit.name,
        unit_path=row.unit_path,
        synthetic=row.synthetic,
        active=row.active,
        post=post,
    )


def views(rows: Sequence[Person]) -> tuple[PersonView, ...]:
    """Views of persons with their posts of today, in two statements."""
    posts = post_on(person_ids=[r.id for r in rows], day=today())
    return tuple(person_view(row, posts.get(row.id)) for row in rows)


def post_on(*, person_ids: Iterable[UUID], day: date) -> dict[UUID, PostView]:
    """The post each person held on a day; who held none is missing."""
    ids = list(person_ids)
    held: dict[UUID, PostView] = {}
    on_day = Post.objects.filter(Q(to_date=None) | Q(to_date__gte=day), from_date__lte=day).select_related("unit")
    for start in range(0, len(ids), CHUNK):
        for row in on_day.filter(person_id__in=ids[start : start + CHUNK]).order_by("from_date"):
            held[row.person_id] = post_view(row)
    return held


def person(*, actor: Actor, person_id: UUID) -> PersonView:
    """A person. Raises `NotFound` for one the actor may not see."""
    return views([person_row(actor, person_id)])[0]


def person_row(actor: Actor, person_id: UUID) -> Person:
    row = Person.objects.filter(SeePerson().visible_to(actor), id=person_id).select_related("unit").first()
    if row is None:
        raise NotFound("no such person")
    return row


def persons(*, actor: Actor, person_ids: Iterable[UUID]) -> dict[UUID, PersonView]:
    """Those of the persons whom the actor may see, by id."""
    ids, found = list(person_ids), {}
    seen = Person.objects.filter(SeePerson().visible_to(actor)).select_related("unit")
    for start in range(0, len(ids), CHUNK):
        for view in views(list(seen.filter(id__in=ids[start : start + CHUNK]))):
            found[view.id] = view
    return found


def people_in(
    *,
    actor: Actor,
    unit_path: str = "",
    text: str = "",
    rank_layer: RankLayer | None = None,
    job_category: JobCategory | None = None,
    active: bool | None = True,
    page: int = 1,
    size: int = PAGE,
) -> PeoplePage:
    """A page of the persons the actor sees in a unit and below, by number; filtered by text and post of today."""
    rows = selection(actor, unit_path, text, rank_layer, job_category, active).order_by("number")
    total = rows.count()
    pages = max(1, -(-total // size))
    page = min(max(1, page), pages)
    chosen = list(rows.select_related("unit")[(page - 1) * size : page * size])
    return PeoplePage(views(chosen), total, page, pages)


def person_by_number(*, actor: Actor, number: str) -> PersonView:
    """The person with a number. Raises `NotFound` for a number nobody has, or somebody the actor may not see."""
    rows = Person.objects.filter(SeePerson().visible_to(actor), number=clean_number(number) or "").select_related(
        "unit"
    )
    row = rows.first()
    if row is None:
        raise NotFound("no such person")
    return views([row])[0]


def people_ids(
    *, actor: Actor, unit_path: str = "", rank_layer: RankLayer | None = None, job_category: JobCategory | None = None
) -> tuple[UUID, ...]:
    """Ids of all active persons the actor sees in a unit and below (to invite them to a campaign)."""
    rows = selection(actor, unit_path, "", rank_layer, job_category, True)
    return tuple(rows.order_by("number").values_list("id", flat=True))


def search(*, actor: Actor, text: str, limit: int = 20) -> tuple[PersonView, ...]:
    """Active persons by part of the name, beginning of its pinyin or initials, or beginning of the number."""
    if not text.strip():
        return ()
    rows = selection(actor, "", text, None, None, True).order_by("number").select_related("unit")
    return views(list(rows[:limit]))


def selection(
    actor: Actor,
    unit_path: str,
    text: str,
    rank_layer: RankLayer | None,
    job_category: JobCategory | None,
    active: bool | None,
) -> QuerySet[Person]:
    rows = Person.objects.filter(SeePerson().visible_to(actor))
    if unit_path:
        rows = rows.filter(unit_path__startswith=unit_path)
    if active is not None:
        rows = rows.filter(active=active)
    if text.strip():
        rows = rows.filter(_matches(text))
    if rank_layer or job_category:
        rows = rows.filter(id__in=_holders(rank_layer, job_category))
    return rows


def _holders(rank_layer: RankLayer | None, job_category: JobCategory | None) -> QuerySet[Post, UUID]:
    day = today()
    posts = Post.objects.filter(Q(to_date=None) | Q(to_date__gte=day), from_date__lte=day)
    if rank_layer:
        posts = posts.filter(rank_layer=rank_layer)
    if job_category:
        posts = posts.filter(job_category=job_category)
    return posts.values_list("person_id", flat=True)


def _matches(text: str) -> Q:
    """Name, or pinyin, or number. Full-width letters are read as half-width; blanks in pinyin don't count."""
    plain = halfwidth(text)
    query = Q(name__contains="".join(text.split())) | Q(name__contains=text.strip())
    if plain.isascii():
        key = plain.lower()
        query |= (
            Q(number__startswith=plain.upper()) | Q(name_pinyin__startswith=key) | Q(name_pinyin__contains=f" {key}")
        )
    return query
