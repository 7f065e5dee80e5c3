from django.apps import AppConfig


class ItembankConfig(AppConfig):
    name = "shuyang.itembank"
    label = "itembank"

    def ready(self) -> None:
        from shuyang.itembank import tasks  # noqa: F401  (registers the jobs)
