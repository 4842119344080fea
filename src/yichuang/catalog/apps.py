from django.apps import AppConfig


class CatalogConfig(AppConfig):
    name = "yichuang.catalog"
    label = "catalog"
    verbose_name = "事项"

    def ready(self) -> None:
        from yichuang.catalog import seconds  # noqa: F401  (what needs a second person)
