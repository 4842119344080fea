"""A thousand SMS, two providers with faults: how long until each is handed over, and that none goes out twice."""

import signal
import sys
import threading
from collections import Counter

from bench.figures import Result, percentile
from bench.measure import json_of
from bench.stack import Stack, load_average
from yichuang.gateways.sms.simulator import Platform, serving
from yichuang.settings.processes import children
from yichuang.settings.processes.installation import WORKER, open_log

NAME = "messages"
BAR, SHARE = 5.0, 0.999  # seconds within which this share is handed over
COUNT, FEW, RATE, PATIENCE = 1000, 100, 20.0, 60.0
FAULTS = {"slow": 0.02, "error": 0.03, "lost": 0.03, "busy": 0.03, "down": 0.01}
OVERLOAD_AT, OVERLOAD_FOR = 15.0, 10.0  # seconds: the first provider takes nothing at all
SECRETS = {"MAIN": "simulated-secret-of-32-characters-1", "SPARE": "simulated-secret-of-32-characters-2"}


def run(stack: Stack, quick: bool) -> list[Result]:
    """The worker of the installation, as it runs everywhere, with the simulators as its providers."""
    count = FEW if quick else COUNT
    result = Result(NAME, f"{count} SMS at {RATE:g}/s, two faulty providers: 99.9 % handed over within", BAR, "s")
    main, spare = (Platform("bench", secret, seed, FAULTS) for seed, secret in enumerate(SECRETS.values(), 1))
    overload = [threading.Timer(OVERLOAD_AT, _set, (main, {"busy": 1.0}))]
    overload.append(threading.Timer(OVERLOAD_AT + OVERLOAD_FOR, _set, (main, FAULTS)))
    with serving(main) as first, serving(spare) as second:
        env = stack.installation.env | {"YICHUANG_SMS_PROVIDERS": "main,spare"}
        for name, url in (("MAIN", first), ("SPARE", second)):
            told = {"URL": url, "KEY": "bench", "SECRET": SECRETS[name]}
            env |= {f"YICHUANG_SMS_{name}_{field}": value for field, value in told.items()}
        with open_log(stack.data / "logs/messages.log") as log:
            worker = children.start([sys.executable, *WORKER], env=env, log=log)
        for timer in overload:
            timer.start()
        try:
            found = json_of(stack.inside("messages.py", str(count), str(RATE), str(PATIENCE)))
        finally:
            for timer in overload:
                timer.cancel()
            children.stop(worker, signal.SIGTERM, patience=12)
    _judge(result, found, Counter([*main.accepted, *spare.accepted]), count)
    offers = main.offers + spare.offers
    result.facts |= {
        "offers_that_arrived": offers.total(),
        "questions": main.questions + spare.questions,
        "by_the_spare_one": len(spare.accepted),
        "faults": FAULTS,
        "overload_seconds": OVERLOAD_FOR,
        "load_average": load_average(),
    }
    return [result]


def _set(platform: Platform, odds: dict[str, float]) -> None:
    platform.odds = odds


def _judge(result: Result, found: dict[str, dict[str, float]], taken: Counter[str], count: int) -> None:
    seconds = [value for value in found["seconds"].values() if value is not None]
    figures = found["figures"]
    result.facts |= {name: figures[name] for name in ("written", "sent", "fast", "parked", "median", "slowest")}
    missing = set(found["seconds"]) - set(taken)
    twice = [id for id, times in taken.items() if times > 1]
    if len(found["seconds"]) != count or missing or len(seconds) != count:
        result.faults.append(f"{len(missing)} of {count} reached nobody, {count - len(seconds)} were not handed over")
    if twice:
        result.faults.append(f"{len(twice)} went out twice")
    if seconds:
        result.take([percentile(seconds, SHARE)])
        result.low, result.high = min(seconds), max(seconds)
