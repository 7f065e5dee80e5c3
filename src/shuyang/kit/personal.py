"""What a stored field says about a person. Every field of every model of ours carries one of these words.

A model states them in `personal_data`, a mapping field name -> word; `shuyang.kit.checks` fails where one is missing.
"""

from __future__ import annotations

from enum import StrEnum


class Personal(StrEnum):
    NONE = "none"  # says nothing about a person
    LINK = "link"  # a key or pseudonym that leads to a person
    DIRECT = "direct"  # names or describes a person (name, number, unit)
    RESULT = "result"  # what was measured or recorded about a person (answers, scores)
    SENSITIVE = "sensitive"  # 敏感个人信息: kept encrypted (identity number, phone)


NONE, LINK, DIRECT, RESULT, SENSITIVE = Personal
