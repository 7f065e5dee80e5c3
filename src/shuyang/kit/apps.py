from django.apps import AppConfig


class KitConfig(AppConfig):
    name = "shuyang.kit"
    label = "kit"

    def ready(self) -> None:
        from shuyang.kit import checks  # noqa: F401  (registers the system checks)
        from shuyang.kit.jobs import tasks  # noqa: F401  (registers the jobs)
