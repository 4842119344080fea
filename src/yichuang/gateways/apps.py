from typing import Any

from django.apps import AppConfig
from django.core import checks


class GatewaysConfig(AppConfig):
    name = "yichuang.gateways"
    label = "gateways"
    verbose_name = "外联"

    def ready(self) -> None:
        """A wrong setting stops the start, before anybody waits for a message."""
        checks.register(_check)


def _check(app_configs: Any, **more: Any) -> list[checks.CheckMessage]:
    from yichuang.gateways.checking import faults

    return [checks.Error(fault, id="gateways.E001") for fault in faults()]
