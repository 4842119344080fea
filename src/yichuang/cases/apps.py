from django.apps import AppConfig


class CasesConfig(AppConfig):
    name = "yichuang.cases"
    label = "cases"
    verbose_name = "办件"

    def ready(self) -> None:
        import yichuang.cases.handlers  # subscribes
        import yichuang.cases.seconds  # what needs a second person
        import yichuang.cases.vouch.help  # (bears witness)
        import yichuang.cases.vouch.instant
        import yichuang.cases.vouch.signing  # noqa: F401  (likewise)
