"""People to try the product with: an invented city, every one of them marked as synthetic."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.db import transaction

from shuyang.people.contracts import JobCategory, RankLayer
from shuyang.people.models import Person, Post, RoleGrant, Unit
from shuyang.people.pinyin import name_keys
from shuyang.people.services.codes import accounts_of
from shuyang.people.services.units import new_path
from shuyang.trust.api import SYSTEM, Role, make_person_keys, record

J, R = JobCategory, RankLayer


@dataclass(frozen=True, slots=True)
class DemoUnit:
    """A unit of the invented city: its code, the code of the unit above, how many people of which categories it has."""

    code: str
    parent: str
    name: str
    kind: str
    people: int
    categories: tuple[JobCategory, ...]


DEMO_UNITS = (
    DemoUnit("YC", "", "云川市", "市", 0, ()),
    DemoUnit("YC01", "YC", "市政府办公室", "市直部门", 14, (J.GENERAL_ADMINISTRATION, J.OFFICE_AFFAIRS)),
    DemoUnit("YC02", "YC", "市机关事务管理局", "市直部门", 14, (J.OFFICE_AFFAIRS, J.GENERAL_ADMINISTRATION)),
    DemoUnit("YC03", "YC", "市数据和政务服务局", "市直部门", 8, (J.GENERAL_ADMINISTRATION, J.DATA_IT)),
    DemoUnit("YC0301", "YC03", "数据资源科", "内设机构", 9, (J.DATA_IT,)),
    DemoUnit("YC0302", "YC03", "市政务服务中心", "直属单位", 12, (J.APPROVAL_SERVICE,)),
    DemoUnit("YC04", "YC", "市市场监督管理局", "市直部门", 8, (J.GENERAL_ADMINISTRATION, J.PROFESSIONAL)),
    DemoUnit("YC0401", "YC04", "综合行政执法支队", "直属单位", 13, (J.ENFORCEMENT,)),
    DemoUnit("YC0402", "YC04", "质量检验检测中心", "直属单位", 9, (J.PROFESSIONAL,)),
    DemoUnit("YC05", "YC", "市财政局", "市直部门", 11, (J.PROFESSIONAL, J.GENERAL_ADMINISTRATION)),
    DemoUnit("YC06", "YC", "青溪区", "区", 6, (J.GENERAL_ADMINISTRATION,)),
    DemoUnit("YC0601", "YC06", "区行政审批局", "区直部门", 10, (J.APPROVAL_SERVICE, J.DATA_IT)),
    DemoUnit("YC0602", "YC06", "区城市管理局", "区直部门", 10, (J.ENFORCEMENT, J.PROFESSIONAL)),
)
_SURNAMES = (
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘于蒋蔡余杜叶程苏魏吕丁任沈姚卢姜崔钟谭陆"
)
_GIVEN = [
    "建华",
    "晓明",
    "雨桐",
    "志强",
    "文博",
    "思远",
    "海燕",
    "立新",
    "国栋",
    "佳怡",
    "子涵",
    "丽娟",
    "永平",
    "春梅",
    "俊杰",
    "雪莲",
    "大伟",
    "静",
    "敏",
    "涛",
    "磊",
    "欣然",
    "晨曦",
    "一鸣",
    "向东",
    "秋实",
    "明哲",
    "若兰",
    "振宇",
    "慧敏",
    "卫国",
    "红霞",
    "凯",
    "薇",
    "浩然",
    "书琴",
    "云峰",
    "晓燕",
    "嘉宁",
    "博文",
    "玉兰",
    "成",
    "雅琳",
    "德胜",
    "清扬",
    "岚",
    "新宇",
    "宏伟",
    "婉婷",
    "长青",
]
_RARE = ("张㛃", "刘䶮", "陈𬭎", "王𠅤", "李𫖯", "欧阳秋实", "阿依古丽·买买提", "单晓明", "曾子涵", "覃若兰")
_TITLES = {
    R.LEADER: ("主任", "副主任", "处长", "副处长"),
    R.GENERAL: ("一级主任科员", "二级主任科员", "四级主任科员", "一级科员"),
    R.SPECIALIST: ("高级工程师", "工程师", "高级技师", "助理工程师"),
}
_ROLES = (
    (0, Role.ORGANISER),
    (1, Role.LEADER),
    (2, Role.AUTHOR),
    (3, Role.REVIEWER),
    (4, Role.PSYCHOMETRICIAN),
    (5, Role.AUDITOR),
)


def make_demo_people(*, seed: int = 20261122) -> int:
    """Make the invented city with about 120 persons and some roles; returns how many. A second call makes nobody (0).

    Marked synthetic, so that they can never enter a calibration.
    """
    if Person.objects.filter(synthetic=True).exists() or Unit.objects.filter(code=DEMO_UNITS[0].code).exists():
        return 0
    rng = random.Random(seed)  # noqa: S311  (the same invented people everywhere)
    with transaction.atomic():
        units = _make_units()
        people = _make_persons(units, rng)
        _make_posts(people, rng)
        _make_roles(people, units["YC"])
        record(
            actor=SYSTEM,
            action="demo.made",
            object_kind="unit",
            object_id=units["YC"].id,
            unit_path=units["YC"].path,
            details={"people": len(people)},
        )
    return len(people)


def _make_units() -> dict[str, Unit]:
    made: dict[str, Unit] = {}
    for spec in DEMO_UNITS:
        parent = made.get(spec.parent)
        made[spec.code] = Unit.objects.create(
            code=spec.code, name=spec.name, kind=spec.kind, parent=parent, path=new_path(parent)
        )
    return made


def _make_persons(units: dict[str, Unit], rng: random.Random) -> list[Person]:
    places = [units[spec.code] for spec in DEMO_UNITS for _ in range(spec.people)]
    names = _names(len(places), rng)
    people = [
        Person(
            number=f"YC{i:05d}", name=name, name_pinyin=name_keys(name), unit=unit, unit_path=unit.path, synthetic=True
        )
        for i, (unit, name) in enumerate(zip(places, names, strict=True), start=1)
    ]
    make_person_keys([p.id for p in people])
    return Person.objects.bulk_create(people)


def _names(count: int, rng: random.Random) -> list[str]:
    names: dict[str, None] = {}
    while len(names) < count - len(_RARE):
        names[rng.choice(_SURNAMES) + rng.choice(_GIVEN)] = None
    mixed = [*names, *_RARE]
    rng.shuffle(mixed)
    return mixed


def _make_posts(people: Sequence[Person], rng: random.Random) -> None:
    """The first of a unit leads it; technical categories have specialists, the others general staff. Some changed post."""
    categories = {spec.code: spec.categories for spec in DEMO_UNITS}
    seen: dict[str, int] = {}
    posts: list[Post] = []
    for person in people:
        code = person.unit.code or ""
        place = seen[code] = seen.get(code, 0) + 1
        category = rng.choice(categories[code])
        skilled = category in (J.DATA_IT, J.PROFESSIONAL, J.OFFICE_AFFAIRS) and rng.random() < 0.6
        layer = R.LEADER if place <= 2 else R.SPECIALIST if skilled else R.GENERAL
        start = date(2019, 1, 1) + timedelta(days=rng.randrange(2400))
        if rng.random() < 0.2:
            earlier = start - timedelta(days=rng.randrange(400, 1200))
            posts.append(_post(person, R.GENERAL, rng.choice(list(J)), earlier, start - timedelta(days=1), rng))
        posts.append(_post(person, layer, category, start, None, rng))
    Post.objects.bulk_create(posts)


def _post(
    person: Person, layer: RankLayer, category: JobCategory, start: date, end: date | None, rng: random.Random
) -> Post:
    return Post(
        person=person,
        unit=person.unit,
        unit_path=person.unit_path,
        rank_layer=layer,
        job_category=category,
        title=rng.choice(_TITLES[layer]),
        from_date=start,
        to_date=end,
    )


def _make_roles(people: Sequence[Person], root: Unit) -> None:
    accounts = accounts_of([people[i] for i, _ in _ROLES])
    RoleGrant.objects.bulk_create(
        [RoleGrant(account=accounts[people[i].id], role=role, unit=root) for i, role in _ROLES]
    )
