from django.apps import AppConfig


class RoofConfig(AppConfig):
    name = "yichuang.settings"
    label = "roof"
    verbose_name = "屋顶"

    def ready(self) -> None:
        """Wire what no room may wire itself."""
        from yichuang.settings import handlers, sources

        handlers.connect()
        sources.connect()
