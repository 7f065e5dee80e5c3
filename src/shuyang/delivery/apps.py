from django.apps import AppConfig


class DeliveryConfig(AppConfig):
    name = "shuyang.delivery"
    label = "delivery"

    def ready(self) -> None:
        from shuyang.delivery import tasks  # noqa: F401  (registers the jobs)
