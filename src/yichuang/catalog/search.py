"""How people talk, as search terms: words, character bigrams, pinyin and initials; OR, never AND. Pure.

An item is found by its name and by the words people say for it (weight A), by pieces of them (B), by their
pinyin and initials (C), and by its summary and themes (D).
The dictionaries (40 MB, half a second) are loaded by the first search, or before the web's processes part:
the worker and the live events never search.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache

from yichuang.catalog import sounds
from yichuang.catalog.everyday import meant_by
from yichuang.catalog.values import Pack

MAX_QUERY = 100
_HAN = re.compile(r"[㐀-䶿一-鿿\U00020000-\U0003ffff]+")
_RUNS = re.compile(f"({_HAN.pattern})")
_LATIN = re.compile(r"[a-z0-9]+")
_FILLERS = re.compile(
    r"怎么样|怎么办|怎样|怎么|如何|哪里|哪儿|在哪|什么|为什么|需要|我要|我想|想要|请问|一下|可以|能不能|多少|手续|流程|办理|去办|要办|想办"
)
_SMALL = frozenset("的了吗呢啊吧我要想去办在和与及给把被个是有能请问")
_WEAK = frozenset(
    {"登记", "申请", "证明", "服务", "业务", "事项", "信息", "管理"}
)  # in so many items that they say little
_ENGLISH_SMALL = frozenset(
    [
        "a",
        "an",
        "the",
        "how",
        "to",
        "do",
        "i",
        "my",
        "me",
        "we",
        "you",
        "for",
        "of",
        "in",
        "on",
        "at",
        "is",
        "are",
        "can",
        "get",
        "need",
        "want",
        "apply",
        "application",
        "with",
        "and",
        "or",
    ]
)
_MEANT = 0.5  # a hit by what was meant says less than one by what was said
_LEFT_OVER = 0.05  # … and a single sign among words hardly anything
WEIGHTS = {"A": 1.0, "B": 0.6, "C": 0.3, "D": 0.1}


def normal(text: str) -> str:
    """One way of writing: full width to half, upper case to lower, spaces folded."""
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split())[:MAX_QUERY]


@lru_cache(maxsize=16_384)
def _sounds(word: str) -> tuple[str, ...]:
    """The syllables of a Chinese word; a character without a sound on record has none."""
    return tuple(sounds.syllables(word))


def _syllables(run: str) -> Iterator[str]:
    """Word by word, because words come again and phrases do not: a word's sound costs a hundred times its look-up."""
    import rjieba

    for word in rjieba.cut(run):
        yield from _sounds(word)


def pinyin(text: str) -> str:
    """The syllables of Chinese text, joined; other characters are left out."""
    return "".join(syllable for run in _HAN.findall(text) for syllable in _syllables(run))


def initials(text: str) -> str:
    """The first letter of each syllable: 营业执照 is yyzz."""
    return "".join(syllable[0] for run in _HAN.findall(text) for syllable in _syllables(run))


def sort_key(text: str) -> str:
    """What lists in alphabetical order are sorted by."""
    parts = (part for part in _RUNS.split(normal(text)) if part)
    spoken = (" ".join(_syllables(part)) or part if _HAN.match(part) else part for part in parts)
    return (" ".join(spoken) or "~")[:300]


def letter(text: str) -> str:
    """The first letter of a name, "#" when it has none."""
    first = sort_key(text)[:1].upper()
    return first if "A" <= first <= "Z" else "#"


def words(text: str) -> list[str]:
    """Chinese words of two or more characters."""
    import rjieba

    return [word for run in _HAN.findall(text) for word in rjieba.cut(run) if len(word) > 1]


def bigrams(text: str) -> Iterator[str]:
    for run in _HAN.findall(text):
        yield from (run[n : n + 2] for n in range(len(run) - 1))


def latin(text: str) -> Iterator[str]:
    """English words and what looks like them, without the small ones and the plural s."""
    for word in _LATIN.findall(text):
        if word not in _ENGLISH_SMALL:
            yield word[:-1] if len(word) > 3 and word.endswith("s") and not word.endswith("ss") else word


# --- what an item is found by


def document_of(pack: Pack, also: Iterable[str] = ()) -> Mapping[str, str]:
    """Each term of the pack with its best weight, "A" to "D"; `also` are words of people kept beside it."""
    more = (pack.summary.zh, *(w.zh for w in (*pack.themes, *pack.life_events)))
    more_en = (pack.summary.en, *(w.en for w in (*pack.themes, *pack.life_events)))
    return document(pack.name.zh, (*pack.spoken, *also), (pack.name.en, *pack.spoken_en), (*more, *more_en))


def document(name: str, spoken: Iterable[str], english: Iterable[str], more: Iterable[str]) -> Mapping[str, str]:
    """As `document_of`, from the texts themselves."""
    terms: dict[str, str] = {}

    def add(found: Iterable[str], weight: str) -> None:
        for term in found:
            if term and terms.get(term, "E") > weight:
                terms[term] = weight

    phrases = [normal(phrase) for phrase in (name, *spoken)]
    for phrase in phrases:
        add((f"={phrase}", phrase, *words(phrase)), "A")
        add(bigrams(phrase), "B")
        add((pinyin(phrase), initials(phrase)), "C")
        add((said for word in words(phrase) for said in (pinyin(word), initials(word))), "C")
        add(latin(phrase), "A")
        add((sign for run in _HAN.findall(phrase) for sign in run), "D")
    for text in english:
        add(latin(normal(text)), "A")
    for text in more:
        add((*words(normal(text)), *latin(normal(text))), "D")
    return terms


def vector(terms: Mapping[str, str]) -> str:
    """The terms as the text of a tsvector."""
    return " ".join(f"{_quote(term)}:1{weight}" for term, weight in sorted(terms.items()))


def spoken_text(pack: Pack, also: Iterable[str] = ()) -> str:
    """What typing errors are compared with."""
    phrases = [normal(text) for text in (pack.name.zh, *pack.spoken, *also)]
    english = [normal(text) for text in (pack.name.en, *pack.spoken_en)]
    return " | ".join([*phrases, *(pinyin(phrase) for phrase in phrases), *english])


# --- what a query asks


@dataclass(frozen=True, slots=True)
class Query:
    """Terms of which any may hit, each with how much its hit says (over 0, at most 1), and beginnings of Latin terms."""

    terms: Mapping[str, float]
    beginnings: tuple[str, ...]
    exact: str  # the term of the whole phrase: who says just that comes first


def query_of(text: str) -> Query | None:
    """What to look up; None when nothing can be asked."""
    said = normal(text)
    core = _core(said)
    terms: dict[str, float] = {}
    runs = _HAN.findall(_FILLERS.sub(" ", said))
    for run in runs:
        for term, says in _han_terms(run):
            if len(term) == 1 and len(runs) > 1:  # what is left between fillers: 要 什么 证
                says = _LEFT_OVER
            terms[term] = max(says, terms.get(term, 0.0))
    for word in meant_by(said):
        for term in (word, *words(word)):
            terms.setdefault(term, _MEANT)
    heard = list(latin(core))
    terms |= dict.fromkeys(heard, 1.0)
    if not terms:
        return None
    exact = f"={core}"
    return Query({**terms, exact: 1.0}, tuple(dict.fromkeys(word for word in heard if len(word) > 3)), exact)


def _core(said: str) -> str:
    """The phrase without what surrounds it: “怎么办营业执照” asks for 营业执照."""
    kept = _FILLERS.sub("", said).strip("".join(_SMALL) + " ?？!！。，,")
    return kept or said


def _han_terms(run: str) -> Iterator[tuple[str, float]]:
    bare = run.strip("".join(_SMALL)) or run
    if len(bare) == 1:
        yield bare, 1.0
        return
    strong = [term for term in (bare, run, *words(bare), *bigrams(bare)) if _says_something(term)]
    for term in strong or [bare]:
        yield term, 1.0
    # Typing errors mostly sound alike; a rare character may have no sound on record.
    for sound in {pinyin(term) for term in strong if len(term) > 2} - {""}:
        yield sound, 1.0


def _says_something(term: str) -> bool:
    return len(term) > 1 and term not in _WEAK and not (len(term) == 2 and set(term) & _SMALL)


def _quote(term: str) -> str:
    """A lexeme of tsvector and tsquery syntax."""
    return "'" + term.replace("\\", "\\\\").replace("'", "''").replace("\0", "") + "'"


# --- searches without an answer


def without_people(text: str) -> str:
    """The query as it may be kept: numbers and addresses of people blotted out, at most 40 characters; nothing of one
    that holds a telephone or document number, because who types such a number types the name beside it."""
    said = normal(text)
    if re.search(r"[0-9]{11,}", said):
        return ""
    said = re.sub(r"\S*@\S*", "@", said)
    return re.sub(r"[0-9x]{4,}", "#", said)[:40]
