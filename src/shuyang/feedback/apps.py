from django.apps import AppConfig


class FeedbackConfig(AppConfig):
    name = "shuyang.feedback"
    label = "feedback"

    def ready(self) -> None:
        from shuyang.feedback import tasks  # noqa: F401  (it registers its jobs)
