from django.apps import AppConfig


class IssuingConfig(AppConfig):
    name = "yichuang.issuing"
    label = "issuing"
    verbose_name = "出件"
