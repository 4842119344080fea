from django.apps import AppConfig


class KioskConfig(AppConfig):
    name = "yichuang.web.kiosk"
    label = "kiosk"
    verbose_name = "自助机"
