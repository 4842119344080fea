"""What stands in a draft, as one mark: who puts it back says by it what they had before them."""

import json
from collections.abc import Mapping
from typing import Any

from yichuang.core.crypto import blind_index


def mark_of(answers: Mapping[str, Any], form: Mapping[str, Any], materials: Mapping[str, Any]) -> str:
    """A keyed fingerprint of what stands in a draft: it tells a change, and nothing of what was typed."""
    return blind_index("cases.relay.seen", json.dumps([answers, form, materials], sort_keys=True, ensure_ascii=False))
