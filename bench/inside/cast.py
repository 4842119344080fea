"""Run inside the installation's environment: tokens of the cast and one whole filing, as JSON."""

import json
import sys

import django

STAFF = ("lina", "wangqiang")
ITEMS = ("yangquan-dengji", "fangwu-zulin-beian")


def main() -> None:
    django.setup()
    from yichuang.catalog.queries import get_pack
    from yichuang.core.clock import now
    from yichuang.people.cast import PASSWORD
    from yichuang.people.commands import issue_token
    from yichuang.people.queries import find_demo_account

    at, tokens, filings = now(), {}, {}
    for name in (*STAFF, "zhangxiao", "moshengren"):
        account = find_demo_account(name)
        assert account is not None, name
        tokens[name] = issue_token(account=account, at=at)
    for code in ITEMS:
        example = sorted(get_pack(code, at=at).examples, key=lambda e: e.file)[0]
        filings[code] = {"form": example.form, "answers": example.answers, "materials": example.materials}
    told = {"tokens": tokens, "filings": filings, "password": PASSWORD}
    sys.stdout.write(json.dumps(told, default=str))


main()
