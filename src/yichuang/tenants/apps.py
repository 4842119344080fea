from django.apps import AppConfig


class TenantsConfig(AppConfig):
    name = "yichuang.tenants"
    label = "tenants"
    verbose_name = "租户"

    def ready(self) -> None:
        from yichuang.tenants import handlers, seconds  # noqa: F401  (what it hears, and what needs a second person)
