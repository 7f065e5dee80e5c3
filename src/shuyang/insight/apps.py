from django.apps import AppConfig


class InsightConfig(AppConfig):
    name = "shuyang.insight"
    label = "insight"
