"""The data dictionary, from the one definition of the tables: as Markdown and as a table."""

from __future__ import annotations

from collections.abc import Iterator

from shuyang.practice.city.fields import Field, Table
from shuyang.practice.city.schema import TABLES

COLUMNS = (
    "theme", "table_name", "table_title", "field", "type", "title", "meaning", "unit", "grade", "refers_to", "optional",
)  # fmt: skip


def rows() -> Iterator[tuple[object, ...]]:
    """One row a field, in the order of COLUMNS."""
    for table in TABLES.values():
        for f in table.fields:
            yield (
                table.theme, table.name, table.title, f.name, f.type, f.title, f.meaning, f.unit, f.grade.value,
                f.references, f.optional,
            )  # fmt: skip


def markdown() -> str:
    """The dictionary for reading."""
    parts = ["# 数据字典 City data dictionary", "", *INTRODUCTION, ""]
    for theme in dict.fromkeys(table.theme for table in TABLES.values()):
        parts += [f"## {theme}", ""]
        for table in TABLES.values():
            if table.theme == theme:
                parts += _section(table)
    return "\n".join(parts).rstrip() + "\n"


INTRODUCTION = (
    "云川市是虚构的城市：没有一个人、一家企业、一个号码是真实的。本表由表结构定义生成，与 `shuyang city make` 写出的数据一致。",
    "",
    "敏感级别：公开（可以发布）、内部（行政机关内部使用）、个人信息、敏感个人信息（《个人信息保护法》第四条、第二十八条）。",
    "它说明字段本身是什么；练习中给学员看的目录可能写错，那正是要发现的。",
)


def _section(table: Table) -> list[str]:
    keys = "、".join(f"`{key}`" for key in table.keys)
    head = [f"### {table.name} {table.title}", "", f"{table.meaning}。主键：{keys}。", ""]
    rule = ["| 字段 | 名称 | 类型 | 含义 | 单位 | 敏感级别 |", "|---|---|---|---|---|---|"]
    return [*head, *rule, *map(_line, table.fields), ""]


def _line(f: Field) -> str:
    meaning = f.meaning + (f"；指向 `{f.references}`" if f.references else "") + ("；可空" if f.optional else "")
    return f"| `{f.name}` | {f.title} | {f.type} | {meaning} | {f.unit} | {f.grade.value} |"
