from django.apps import AppConfig


class WebConfig(AppConfig):
    name = "shuyang.web"
    label = "web"

    def ready(self) -> None:
        from shuyang.web import reminders  # noqa: F401  (registers the job)
