"""Wrong guesses at codes and numbers (防枚举), and work that anybody may ask for: counted per network address, and
stopped for the rest of the hour.

Whoever used up their misses is told so whatever they ask next, also what would have been right: a guess that hits must
not open anything either. The key is the network address and never a cookie, which a program just leaves out.
"""

from dataclasses import dataclass
from datetime import datetime

from django.http import HttpRequest

from yichuang.core import crypto, numbers
from yichuang.core.clock import local_date
from yichuang.core.refusals import Reason, Refused
from yichuang.core.words import W, Words
from yichuang.webkit.params import client_address


@dataclass(frozen=True, slots=True)
class Misses:
    """How many wrong guesses of a kind one network address has in an hour, and what is said afterwards.

    A hall's visitors share one address, so the number is generous; the codes are long enough for it.
    """

    kind: str  # at most 40 characters
    most: int
    words: Words
    field: str | None = None

    def check(self, request: HttpRequest, *, at: datetime) -> None:
        """Refused TOO_MANY_TRIES (429) when the misses of this hour are used up. Requests that come at the very same
        moment may each have one more."""
        if numbers.last_number(kind=self.kind, place=_place(request, at), day=local_date(at)) >= self.most:
            raise Refused(Reason("TOO_MANY_TRIES", self.words, self.field), kind="too_many")

    def count(self, request: HttpRequest, *, at: datetime) -> None:
        """One more wrong guess. Not inside a transaction that a refusal rolls back."""
        numbers.next_number(kind=self.kind, place=_place(request, at), day=local_date(at))

    def spend(self, request: HttpRequest, *, at: datetime) -> None:
        """Where every try costs work, right or wrong: `check`, then `count`."""
        self.check(request, at=at)
        self.count(request, at=at)


def _place(request: HttpRequest, at: datetime) -> str:
    """The address and the hour under which misses are counted; nothing that names anybody."""
    return f"{at:%H}:{crypto.blind_index('miss.address', client_address(request))[:32]}"


# Here because pages and programs share it: who guesses at one door has no more guesses at the other.
VERIFYING = Misses(
    "verify-miss",
    60,
    W(
        "此网络查验的无效编号过多，请一小时后再试。您也可以选择证照文件验证，或者拨打 12345。",
        "Too many unknown numbers from this network: please try again in an hour, check the file itself, or call 12345.",
    ),
    "/number",
)
# A file of 20 MB keeps a process busy for a second or two, whoever made it: nobody may ask for that without end.
CHECKING_FILES = Misses(
    "verify-file",
    200,
    W(
        "此网络本小时查验的文件过多，请一小时后再试。您也可以输入证照编号查验，或者拨打 12345。",
        "Too many files were checked from this network: please try again in an hour, check by number, or call 12345.",
    ),
    "/file",
)
# Who asks whether a number is on record learns it from the refusal, and may not go through a list of them.
REGISTERING = Misses(
    "register-known",
    20,
    W(
        "此网络本小时注册的证件多数已登记，请一小时后再试，或者带证件到任一网点开通账号。",
        "Too many identities from this network are known already: try again in an hour, or come to a hall with the document.",
    ),
)
# A case number is no secret: number and query code are guessed together.
RELAYS = Misses(
    "relay-miss",
    60,
    W(
        "此网络输错接力码次数过多，请一小时后再试，或者带证件到窗口直接办理",
        "Too many wrong relay codes from this network: please wait an hour, or come to a window with your document",
    ),
    "/code",
)
QUERIES = Misses(
    "query-miss",
    60,
    W(
        "此网络查询出错次数过多，请一小时后再试，或者带上收件凭证到窗口查询",
        "Too many wrong tries from this network: please wait an hour, or ask at a window with your receipt",
    ),
    "/code",
)
