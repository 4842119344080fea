from django.apps import AppConfig


class ConsoleConfig(AppConfig):
    name = "yichuang.web.console"
    label = "console"
    verbose_name = "管理后台"
