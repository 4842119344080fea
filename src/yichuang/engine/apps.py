from django.apps import AppConfig


class EngineConfig(AppConfig):
    name = "yichuang.engine"
    label = "engine"
    verbose_name = "流程与规则"
