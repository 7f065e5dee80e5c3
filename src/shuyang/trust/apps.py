from django.apps import AppConfig


class TrustConfig(AppConfig):
    name = "shuyang.trust"
    label = "trust"
