import os

from django.apps import AppConfig


class CoreConfig(AppConfig):
    name = "yichuang.core"
    label = "core"
    verbose_name = "地基"

    def ready(self) -> None:
        from yichuang.core import faults, second, upkeep  # noqa: F401  (bears witness; declares its jobs)

        faults.arm_from_environment(os.environ.get("YICHUANG_FAULT", ""))
