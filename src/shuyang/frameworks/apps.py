from django.apps import AppConfig


class FrameworksConfig(AppConfig):
    name = "shuyang.frameworks"
    label = "frameworks"
