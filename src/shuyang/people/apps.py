from django.apps import AppConfig


class PeopleConfig(AppConfig):
    name = "shuyang.people"
    label = "people"

    def ready(self) -> None:
        from shuyang.people import tasks  # noqa: F401  (registers the jobs)
