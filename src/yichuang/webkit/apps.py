from django.apps import AppConfig


class WebkitConfig(AppConfig):
    name = "yichuang.webkit"
    label = "webkit"
    verbose_name = "门框"
