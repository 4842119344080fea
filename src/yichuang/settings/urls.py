"""All addresses. Each door declares its routes in its own `urls.py`; webkit refuses one that names no audience."""

from typing import Any

urlpatterns: list[Any] = []
