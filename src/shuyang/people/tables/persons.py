"""Persons and the posts they held."""

from __future__ import annotations

from django.db import models

from shuyang.kit.base import Base
from shuyang.kit.personal import DIRECT, LINK, NONE, SENSITIVE, AboutPerson
from shuyang.people.tables.units import Unit


class Person(Base):
    """A person, known by his number and never by his name. Sensitive fields are sealed under his own key."""

    number = models.CharField(max_length=40, unique=True)
    name = models.CharField(max_length=80)
    name_pinyin = models.CharField(max_length=300, blank=True)
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="people")
    unit_path = models.CharField(max_length=200, db_index=True)
    synthetic = models.BooleanField(default=False)
    active = models.BooleanField(default=True)
    identity_number = models.BinaryField(null=True)
    identity_index = models.CharField(max_length=64, blank=True, db_index=True)
    phone = models.BinaryField(null=True)
    phone_index = models.CharField(max_length=64, blank=True)

    personal_data = {
        "number": DIRECT,
        "name": DIRECT,
        "name_pinyin": DIRECT,
        "unit": DIRECT,
        "unit_path": DIRECT,
        "synthetic": NONE,
        "active": DIRECT,
        "identity_number": SENSITIVE,
        "identity_index": LINK,
        "phone": SENSITIVE,
        "phone_index": LINK,
    }

    about_person = AboutPerson("id")

    class Meta:
        db_table = "people_person"


class Post(Base):
    """A post held by a person during a time; both days are included, no `to_date` means still held."""

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="posts")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="posts")
    unit_path = models.CharField(max_length=200, db_index=True)
    rank_layer = models.CharField(max_length=12)
    job_category = models.CharField(max_length=30)
    title = models.CharField(max_length=100, blank=True)
    from_date = models.DateField()
    to_date = models.DateField(null=True)

    personal_data = {
        "person": LINK,
        "unit": DIRECT,
        "unit_path": DIRECT,
        "rank_layer": DIRECT,
        "job_category": DIRECT,
        "title": DIRECT,
        "from_date": DIRECT,
        "to_date": DIRECT,
    }

    class Meta:
        db_table = "people_post"
        constraints = [
            models.UniqueConstraint(fields=["person"], condition=models.Q(to_date=None), name="people_post_one_open")
        ]
