"""The door of the practice range."""

from shuyang.practice.city.api import TABLES, Truths, dictionary_page, open_copy, template, truths_of

__all__ = ["TABLES", "Truths", "dictionary_page", "open_copy", "template", "truths_of"]
