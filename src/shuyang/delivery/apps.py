from django.apps import AppConfig


class DeliveryConfig(AppConfig):
    name = "shuyang.delivery"
    label = "delivery"
