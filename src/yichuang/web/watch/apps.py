from django.apps import AppConfig


class WatchConfig(AppConfig):
    name = "yichuang.web.watch"
    label = "watch"
    verbose_name = "监控"
