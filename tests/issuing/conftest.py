"""The certificate base's own fixtures serve here too; papers go into a folder of their own per test."""

from pathlib import Path
from typing import Any

import pytest
from tests.registry.conftest import holder, party, record  # noqa: F401  (fixtures)


@pytest.fixture
def data_folder(tmp_path: Path, settings: Any) -> Path:
    """An empty data folder, with an authority of its own."""
    settings.YICHUANG_DATA = tmp_path
    return tmp_path
