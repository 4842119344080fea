from django.apps import AppConfig


class InsightConfig(AppConfig):
    name = "yichuang.insight"
    label = "insight"
    verbose_name = "一屏感知"
