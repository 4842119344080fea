from django.apps import AppConfig


class NetworkConfig(AppConfig):
    name = "yichuang.network"
    label = "network"
    verbose_name = "网点"
