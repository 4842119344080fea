"""What other rooms may hold: conditions and their verdicts, process models, tasks and steps."""

from yichuang.engine.feel.explain import Clause
from yichuang.engine.feel.expression import Expression, Verdict, compile_expression
from yichuang.engine.feel.scan import ExpressionError

__all__ = ["Clause", "Expression", "ExpressionError", "Verdict", "compile_expression"]
