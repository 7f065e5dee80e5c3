from django.apps import AppConfig


class EvidenceConfig(AppConfig):
    name = "shuyang.evidence"
    label = "evidence"
