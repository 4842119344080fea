from django.apps import AppConfig


class BundlesConfig(AppConfig):
    name = "yichuang.bundles"
    label = "bundles"
    verbose_name = "一件事"

    def ready(self) -> None:
        from yichuang.bundles import handlers, seconds, vouch  # noqa: F401  (subscribe, what needs two, bear witness)
