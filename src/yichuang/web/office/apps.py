from django.apps import AppConfig


class OfficeConfig(AppConfig):
    name = "yichuang.web.office"
    label = "office"
    verbose_name = "审批"
