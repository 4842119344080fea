"""The built-in functions of DMN 1.5, 10.3.4, for decisions: whatever does not fit is null."""

from yichuang.engine.feel.library import contexts, lists, numbers, ranges, texts, times
from yichuang.engine.feel.library.signatures import Builtin

FUNCTIONS: dict[str, Builtin] = {
    **contexts.BOOK.functions,
    **lists.BOOK.functions,
    **numbers.BOOK.functions,
    **ranges.BOOK.functions,
    **texts.BOOK.functions,
    **times.BOOK.functions,
}
