from django.apps import AppConfig


class PracticeConfig(AppConfig):
    name = "shuyang.practice"
    label = "practice"

    def ready(self) -> None:
        from shuyang.practice import tasks  # noqa: F401  (they register their jobs)
