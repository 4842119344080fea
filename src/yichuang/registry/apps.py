from django.apps import AppConfig


class RegistryConfig(AppConfig):
    name = "yichuang.registry"
    label = "registry"
    verbose_name = "一库共享"

    def ready(self) -> None:
        from yichuang.registry import handlers, seconds, vouch  # noqa: F401  (subscribe, what needs two, witness)
