from django.apps import AppConfig


class ItembankConfig(AppConfig):
    name = "shuyang.itembank"
    label = "itembank"
