"""Doing once what a person can press twice: the answer of the first press is kept for good and given again.

The answer is stored in the same transaction as the act; a failed act stores nothing. A replayed answer *writes*, so
that with a synchronous standby it is confirmed there as the first one was.
"""

import hashlib
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, nullcontext
from datetime import datetime
from typing import Any

from django.db import IntegrityError, connection, transaction

from yichuang.core import crypto, sql
from yichuang.core.actors import Actor
from yichuang.core.fields import dump
from yichuang.core.refusals import Conflict, Reason, Refused
from yichuang.core.words import W

JsonDict = dict[str, Any]
MAX_KEY = 200
_AAD = "core_idempotency_key.answer"

# One statement: is anybody at it now, and was it done before? When the snapshot misses a commit of this very moment,
# the unique key refuses the second insert below, so the act is never done twice.
_LOOK = """
SELECT pg_try_advisory_xact_lock($1), done.body_hash, done.answer
FROM (SELECT 1) AS one LEFT JOIN core_idempotency_key AS done ON done.scope = $2 AND done.key = $3
"""
_PUT = """
INSERT INTO core_idempotency_key (scope, key, body_hash, answer, created_at, replays) VALUES ($1, $2, $3, $4, $5, 0)
"""
_KEEP = f"{_PUT} ON CONFLICT (scope, key) DO NOTHING"
_UNIQUE = "core_idempotency_key_pkey"
_REPLAY = """
UPDATE core_idempotency_key SET last_replayed_at = %s, replays = replays + 1 WHERE scope = %s AND key = %s
"""

_EMPTY = Reason(
    "IDEMPOTENCY_KEY_INVALID",
    W("Idempotency-Key 应为 1–200 个字符", "The Idempotency-Key must have 1 to 200 characters"),
)
_MISMATCH = Reason(
    "IDEMPOTENCY_MISMATCH",
    W(
        "这个提交编号已用于另一份内容，请刷新页面后重新提交",
        "This submission key was already used for different content; reload the page and submit again",
    ),
)
_IN_FLIGHT = Reason(
    "IN_FLIGHT",
    W("同一份提交正在处理，请稍候，不要重复点击", "The same submission is being processed; please wait a moment"),
)


def scope_of(actor: Actor, act: str) -> str:
    """The scope of keys: one act of one actor, so that nobody ever replays another person's answer.

    Somebody unknown is told apart by the device (session) their request came from.
    """
    who = actor.id if actor.id is not None else actor.case or f"device {actor.device}"
    return f"{act}/{actor.kind}/{who}"


def body_hash(body: Mapping[str, Any]) -> str:
    """The fingerprint of what was sent, whatever the order of its fields (SHA-256, hex)."""
    return hashlib.sha256(_encode(body).encode()).hexdigest()


_encode = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":"), default=str).encode


@contextmanager
def told_of_doubles() -> Iterator[None]:
    """Around the transaction of who calls `run_once` with `late`: refuses as that does, with 409 IN_FLIGHT."""
    try:
        yield
    except IntegrityError as error:
        if getattr(getattr(error.__cause__, "diag", None), "constraint_name", None) != _UNIQUE:
            raise
        raise Conflict(_IN_FLIGHT) from None


def run_once(
    *, key: str, scope: str, body_hash: str, at: datetime, do: Callable[[], JsonDict], late: bool = False
) -> tuple[JsonDict, bool]:
    """Run `do` and keep its answer, or give the kept answer again: (answer, replayed).

    Refuses with 422 IDEMPOTENCY_MISMATCH when the key was used for another body, with 409 IN_FLIGHT while the first
    is still under way. Costs two statements on top of the act; opens a transaction only when there is none.
    `late`: inside `sql.together` the answer is kept with the COMMIT itself; needs `told_of_doubles` around that.
    """
    if not 1 <= len(key) <= MAX_KEY or "\x00" in key:
        raise Refused(_EMPTY)
    with nullcontext() if connection.in_atomic_block else transaction.atomic():  # a savepoint would cost two more
        kept = _look(scope, key, body_hash)
        if kept is not None:
            with connection.cursor() as cursor:
                cursor.execute(_REPLAY, [at, scope, key])
            return kept, True
        answer = do()
        row = [scope, key, body_hash, crypto.seal(dump(answer), aad=_AAD), at]
        if late:
            sql.later(_PUT, row, rows=1, sure=True)
        else:
            _keep(row)
        return answer, False


def forget(scopes: Sequence[str], *, before: datetime | None = None) -> int:
    """Keys of these scopes are known no more, all or those made before a moment; how many. Only where nobody of the house
    could press again: for applications of others, which are told how long a key holds."""
    last = "" if before is None else " AND created_at < $2"
    values = [list(scopes)] if before is None else [list(scopes), before]
    return sql.run(f"DELETE FROM core_idempotency_key WHERE scope = ANY($1::text[]){last}", values)


def kept_answer(*, key: str, scope: str) -> JsonDict | None:
    """The answer of what was done under this key, only to read; None when nothing was."""
    found = sql.rows("SELECT answer FROM core_idempotency_key WHERE scope = $1 AND key = $2", [scope, key])
    answer: JsonDict | None = json.loads(crypto.unseal(found[0][0], aad=_AAD)) if found else None
    return answer


def _look(scope: str, key: str, body_hash: str) -> JsonDict | None:
    free, known_hash, sealed = sql.rows(_LOOK, [_lock_number(scope, key), scope, key])[0]
    if known_hash is None:
        if not free:
            raise Conflict(_IN_FLIGHT)
        return None
    if known_hash != body_hash:
        raise Refused(_MISMATCH)
    answer: JsonDict = json.loads(crypto.unseal(sealed, aad=_AAD))
    return answer


def _keep(row: list[Any]) -> None:
    if sql.run(_KEEP, row) == 0:
        transaction.set_rollback(True)  # also when somebody outside catches what we raise
        raise Conflict(_IN_FLIGHT)  # rolls this second act back; the next press gets the first answer


def _lock_number(scope: str, key: str) -> int:
    """A signed 64-bit number for the advisory lock."""
    return int.from_bytes(hashlib.sha256(f"{scope}\x1f{key}".encode()).digest()[:8], "big", signed=True)
