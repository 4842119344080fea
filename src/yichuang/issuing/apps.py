from django.apps import AppConfig


class IssuingConfig(AppConfig):
    name = "yichuang.issuing"
    label = "issuing"
    verbose_name = "出件"

    def ready(self) -> None:
        from yichuang.issuing import handlers, vouch  # noqa: F401  (subscribe, bear witness)
