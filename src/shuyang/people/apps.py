from django.apps import AppConfig


class PeopleConfig(AppConfig):
    name = "shuyang.people"
    label = "people"
