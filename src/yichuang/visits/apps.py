from django.apps import AppConfig


class VisitsConfig(AppConfig):
    name = "yichuang.visits"
    label = "visits"
    verbose_name = "到厅"
