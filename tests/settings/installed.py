"""What a person, a clerk and a verifier get to see of an installation, told by a process of its own.

    python -m tests.settings.installed DATA CERTIFICATE      DATABASE_URL leads to its database

Prints one JSON object; of two installations with the same data it is the same.
"""

import json
import os
import re
import sys
from datetime import timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any

PEOPLE = {
    "zhangxiao": ("/my/cases/{}", "/my/cases/{}/clock"),
    "lina": ("/counter/cases/{}/",),
    "linfang": ("/office/cases/{}/",),
}
PASSWORD = "Demo-2026-yichuang"
_EACH_TIME = re.compile(
    r'name="csrfmiddlewaretoken" value="[^"]*"|name="(key|idempotency_key)" value="[^"]*"|[0-9a-zA-Z]{64}'
)


def main(data: Path, certificate: Path) -> None:
    """Nothing is written but the sessions of who signs in here, and that a package was taken out."""
    from yichuang.settings import test

    test.YICHUANG_DATA = data
    for name in ("SECRET_KEY", "YICHUANG_FIELD_KEYS", "YICHUANG_INDEX_KEY"):
        setattr(test, name, (data / "keys" / name.removeprefix("YICHUANG_").lower()).read_text(encoding="ascii"))
    os.environ["DJANGO_SETTINGS_MODULE"] = "yichuang.settings.test"
    import django

    django.setup()
    sys.stdout.write(json.dumps(told(certificate.read_bytes()), ensure_ascii=False))


def told(certificate: bytes) -> dict[str, Any]:
    """What there is to see on the day after the tests' Tuesday."""
    from tests.demo import TUESDAY, Demo
    from tests.upgrade.look import _faults, _files

    from yichuang.core.clock import fixed
    from yichuang.issuing.archive import check_package
    from yichuang.issuing.commands import open_package
    from yichuang.issuing.queries import find_packages, verify_file
    from yichuang.registry.models import Certificate

    with fixed(TUESDAY + timedelta(days=1)) as at:
        return {
            "ledger": _faults(),
            "files": _files(),
            "certificate": [verify_file(certificate, at=at).verdict, Certificate.objects.get().identifier],
            "packages": [
                check_package(open_package(actor=reader, package=row.id, at=at)[1])
                for reader in [Demo(at).actor("wangqiang")]
                for row in find_packages(reader).items
            ],
            "pages": pages(*PEOPLE),
        }


def pages(*people: str) -> dict[str, list[Any]]:
    """Status and hash of each page, and of each paper that the applicant may fetch; what was never printed is now."""
    from django.test import Client

    from yichuang.cases.models import Case

    numbers = list(Case.objects.order_by("id").values_list("number", flat=True))
    found: dict[str, list[Any]] = {}
    for name, addresses in ((name, PEOPLE[name]) for name in people):
        browser = Client(headers={"accept-language": "zh-CN"})
        assert browser.post("/sign-in", {"username": name, "password": PASSWORD}).status_code == 302
        wanted = [address.format(number) for number in numbers for address in addresses]
        for path in wanted:
            answer = browser.get(path)
            text = _EACH_TIME.sub("", b"".join(answer).decode(errors="replace"))
            found[f"{name} {path}"] = [answer.status_code, sha256(text.encode()).hexdigest()]
            wanted += sorted(set(re.findall(r"/my/documents/[0-9a-f-]{36}", text)) - set(wanted))
    return found


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
