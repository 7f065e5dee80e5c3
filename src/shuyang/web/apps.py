from django.apps import AppConfig


class WebConfig(AppConfig):
    name = "shuyang.web"
    label = "web"
