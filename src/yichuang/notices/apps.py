from django.apps import AppConfig


class NoticesConfig(AppConfig):
    name = "yichuang.notices"
    label = "notices"
    verbose_name = "通知"
