from django.apps import AppConfig


class WallConfig(AppConfig):
    name = "yichuang.web.wall"
    label = "wall"
    verbose_name = "大屏"
