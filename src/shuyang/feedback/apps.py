from django.apps import AppConfig


class FeedbackConfig(AppConfig):
    name = "shuyang.feedback"
    label = "feedback"
