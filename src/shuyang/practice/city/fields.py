"""The words in which the tables of the city are defined: one definition for the generator, the tests and the dictionary."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Grade(StrEnum):
    """How sensitive a field is. Personal and sensitive personal information in the sense of articles 4 and 28 of the
    Personal Information Protection Law; `INTERNAL` is whatever else is not for publication."""

    PUBLIC = "公开"
    INTERNAL = "内部"
    PERSONAL = "个人信息"
    SENSITIVE = "敏感个人信息"


@dataclass(frozen=True)
class Field:
    """One column. `references` is "table.field" of the row it points to; `optional` says that it may be empty."""

    name: str
    type: str
    title: str
    meaning: str
    grade: Grade = Grade.INTERNAL
    unit: str = ""
    references: str = ""
    optional: bool = False


@dataclass(frozen=True)
class Table:
    """One table; its first field is its key unless `key` says otherwise."""

    name: str
    title: str
    meaning: str
    theme: str
    fields: tuple[Field, ...]
    key: tuple[str, ...] = ()

    @property
    def keys(self) -> tuple[str, ...]:
        """The fields that name a row."""
        return self.key or (self.fields[0].name,)


def public(name: str, type: str, title: str, meaning: str, **more: str | bool) -> Field:
    """A field that may be published."""
    return Field(name, type, title, meaning, Grade.PUBLIC, **more)  # type: ignore[arg-type]


def internal(name: str, type: str, title: str, meaning: str, **more: str | bool) -> Field:
    """A field for use inside the administration."""
    return Field(name, type, title, meaning, Grade.INTERNAL, **more)  # type: ignore[arg-type]


def personal(name: str, type: str, title: str, meaning: str, **more: str | bool) -> Field:
    """Personal information."""
    return Field(name, type, title, meaning, Grade.PERSONAL, **more)  # type: ignore[arg-type]


def sensitive(name: str, type: str, title: str, meaning: str, **more: str | bool) -> Field:
    """Sensitive personal information."""
    return Field(name, type, title, meaning, Grade.SENSITIVE, **more)  # type: ignore[arg-type]
