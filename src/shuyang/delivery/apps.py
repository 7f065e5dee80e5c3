from django.apps import AppConfig


class DeliveryConfig(AppConfig):
    name = "shuyang.delivery"
    label = "delivery"

    def ready(self) -> None:
        from shuyang.delivery import simulation, tasks  # noqa: F401  (they register their jobs)
