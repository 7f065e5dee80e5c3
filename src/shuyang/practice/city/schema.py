"""All tables of the city, in the order in which they are made."""

from __future__ import annotations

from shuyang.practice.city.fields import Field, Grade, Table
from shuyang.practice.city.tables.catalogue import CATALOGUE
from shuyang.practice.city.tables.extracts import EXTRACTS
from shuyang.practice.city.tables.operations import OPERATIONS
from shuyang.practice.city.tables.people import PEOPLE
from shuyang.practice.city.tables.places import PLACES
from shuyang.practice.city.tables.policies import POLICIES
from shuyang.practice.city.tables.service import SERVICE
from shuyang.practice.city.tables.technology import TECHNOLOGY

__all__ = ["TABLES", "Field", "Grade", "Table"]

TABLES: dict[str, Table] = {
    table.name: table
    for table in (*PLACES, *PEOPLE, *SERVICE, *EXTRACTS, *POLICIES, *CATALOGUE, *OPERATIONS, *TECHNOLOGY)
}
