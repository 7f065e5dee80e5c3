"""The door of the city: make it, open a copy of it, read what its tables mean and what was planted. No Django."""

from shuyang.practice.city.dictionary import markdown as dictionary_page
from shuyang.practice.city.dictionary import rows as dictionary_rows
from shuyang.practice.city.export import Format, export_city
from shuyang.practice.city.fields import Field, Grade, Table
from shuyang.practice.city.make import LEAST, MOST, make_database
from shuyang.practice.city.schema import TABLES
from shuyang.practice.city.templates import answers_of, open_copy, template, truths_of
from shuyang.practice.city.truths import Truth, Truths, eligible, matching, read_truths

__all__ = [
    "LEAST",
    "MOST",
    "TABLES",
    "Field",
    "Format",
    "Grade",
    "Table",
    "Truth",
    "Truths",
    "answers_of",
    "dictionary_page",
    "dictionary_rows",
    "eligible",
    "export_city",
    "make_database",
    "matching",
    "open_copy",
    "read_truths",
    "template",
    "truths_of",
]
