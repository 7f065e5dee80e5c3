from django.apps import AppConfig


class LearningConfig(AppConfig):
    name = "shuyang.learning"
    label = "learning"
