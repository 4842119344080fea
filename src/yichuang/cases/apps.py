from django.apps import AppConfig


class CasesConfig(AppConfig):
    name = "yichuang.cases"
    label = "cases"
    verbose_name = "办件"

    def ready(self) -> None:
        from yichuang.cases import handlers, vouch, vouch_help  # noqa: F401  (subscribe, bear witness)
