"""A lesson of our own, as a file and loaded with its practice items."""

from __future__ import annotations

from shuyang.itembank.api import load_items
from shuyang.learning.api import Lesson, LoadReport, load_lessons
from shuyang.packs.lessons import read_lesson
from shuyang.trust.api import SYSTEM
from tests.itembank.make import item

KINDS = ("single", "multiple", "order", "match", "number", "mark", "chart")
PRACTICE = tuple(f"P-F09-3-{n:03d}" for n in range(1, len(KINDS) + 1))
NAME = "lessons/F09/L-F09-2.md"
TEXT = """---
id: L-F09-2
facet: F09
levels: [3]
title: 看清样本再说差异
group: data_methods
minutes: 12
rank_layers: [leader, general]
summary: 能说清样本多大才值得报差异
teaches: [S-F09-3-001]
practice: [PRACTICE]
citations: [dsl-2021#21]
---
两个窗口的满意率差了**三个百分点**，该不该报？

## 先看样本

| 窗口 | 件数 |
|---|---:|
| 一 | 40 |

<b onclick="x()">不是标签</b> ![图](http://example.org/x.png)

## 再看走势

```chart
{title: 月度办件, unit: 件, chart: {type: bar, x: [1月, 2月], series: [{name: 办件量, data: [1, 2]}]}}
```

图后一句。

## 明天就用的清单
- [ ] 先问样本量
""".replace("PRACTICE", ", ".join(PRACTICE))


def lesson(text: str = TEXT, name: str = NAME) -> Lesson:
    return read_lesson(name, text)


def load_practice() -> None:
    """The practice items of the lesson, one of every type, and the secure one it teaches."""
    contents = [item(kind, id=key) for kind, key in zip(KINDS, PRACTICE, strict=True)]
    load_items(actor=SYSTEM, contents=[*contents, item("single", id="S-F09-3-001")], source="lessons-test")


def load(*lessons: Lesson) -> LoadReport:
    return load_lessons(actor=SYSTEM, lessons=lessons or [lesson()], source_hash="a" * 64)
