"""Run inside the installation's environment: prints, as JSON, a token for each person of the storm and one whole filing."""

import json
import sys

import django

STAFF = ("lina", "wangqiang", "linfang", "zhoujie")
CITIZENS = ("zhangxiao", "moshengren", "jiye", "zhangjie", "maimaiti", "wangxiuying", "qianjin", "sunyan")


def main() -> None:
    django.setup()
    from yichuang.catalog.queries import get_pack
    from yichuang.core.clock import now
    from yichuang.people.commands import issue_token
    from yichuang.people.models import Account
    from yichuang.people.queries import find_demo_account, get_party

    at, tokens, papers = now(), {}, {}
    for name in (*STAFF, *CITIZENS):
        account = find_demo_account(name)
        assert account is not None, name
        tokens[name] = issue_token(account=account, at=at)
        if name in CITIZENS:  # what they show at the desk
            party = get_party(Account.objects.get(id=account).party_id)
            papers[name] = {"identity": party.id_no, "receiver_name": party.name}
    example = sorted(get_pack("yangquan-dengji", at=at).examples, key=lambda e: e.file)[0]
    told = {"tokens": tokens, "papers": papers, "form": example.form, "answers": example.answers}
    sys.stdout.write(json.dumps(told, default=str))


main()
