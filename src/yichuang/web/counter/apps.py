from django.apps import AppConfig


class CounterConfig(AppConfig):
    name = "yichuang.web.counter"
    label = "counter"
    verbose_name = "窗口"
