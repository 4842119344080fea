"""The templates (消息模板), one per event and language, as plain data.

A text names its values in braces; `{when}` may be a date or an instant (written out in the reader's language),
any value may be `Words`. A secret template (a code) never shows in an inbox. SMS texts carry no full name, no
identity number and no address: a phone may lie on a table.
"""

from yichuang.notices.texts.accounts import ACCOUNTS
from yichuang.notices.texts.cases import CASES
from yichuang.notices.texts.certificates import CERTIFICATES
from yichuang.notices.texts.halls import HALLS
from yichuang.notices.texts.template import Template
from yichuang.notices.texts.visits import VISITS

__all__ = ["TEMPLATES", "Template"]
TEMPLATES: dict[str, Template] = {**ACCOUNTS, **CASES, **CERTIFICATES, **HALLS, **VISITS}
