from django.apps import AppConfig


class RoofConfig(AppConfig):
    name = "yichuang.settings"
    label = "roof"
    verbose_name = "屋顶"

    def ready(self) -> None:
        """Wire what no room may wire itself."""
        from yichuang.settings import forecast, handlers, items, ratings, sources

        forecast.connect()
        handlers.connect()
        items.connect()
        ratings.connect()
        sources.connect()
