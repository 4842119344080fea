"""Decision models for the tests, written short."""

from collections.abc import Sequence
from xml.sax.saxutils import escape, quoteattr

MODEL = "https://www.omg.org/spec/DMN/20230324/MODEL/"


def typed(name: str) -> str:
    return f" typeRef={quoteattr(name)}" if name else ""


def table(
    rules: Sequence[Sequence[str]],
    inputs: dict[str, str],
    *,
    policy: str = "UNIQUE",
    collect: str = "",
    outputs: dict[str, str] | None = None,
    values: dict[str, str] | None = None,
    default: str = "",
    extra: str = "",
    items: str = "",
    namespace: str = MODEL,
) -> bytes:
    """A decision "准入" of one table; the cells of a rule are those of the inputs, then those of the outputs."""
    outputs = outputs or {"结果": "string"}
    values = values or {}
    data = "".join(
        f'<inputData id="i{at}" name={quoteattr(name)}><variable name={quoteattr(name)}{typed(kind)}/></inputData>'
        for at, (name, kind) in enumerate(inputs.items())
    )
    needs = "".join(
        f'<informationRequirement><requiredInput href="#i{at}"/></informationRequirement>' for at in range(len(inputs))
    )
    columns = "".join(
        f"<input label={quoteattr(name)}><inputExpression{typed(kind)}><text>{escape(name)}</text></inputExpression></input>"
        for name, kind in inputs.items()
    )
    results = "".join(
        f"<output name={quoteattr(name)}{typed(kind)}>"
        + (f"<outputValues><text>{escape(values[name])}</text></outputValues>" if name in values else "")
        + (f"<defaultOutputEntry><text>{escape(default)}</text></defaultOutputEntry>" if default else "")
        + "</output>"
        for name, kind in outputs.items()
    )
    rows = "".join(
        "<rule>"
        + "".join(f"<inputEntry><text>{escape(cell)}</text></inputEntry>" for cell in rule[: len(inputs)])
        + "".join(f"<outputEntry><text>{escape(cell)}</text></outputEntry>" for cell in rule[len(inputs) :])
        + "</rule>"
        for rule in rules
    )
    aggregation = f' aggregation="{collect}"' if collect else ""
    return model(
        f'{items}{data}{extra}<decision id="d" name="准入"><variable name="准入"/>{needs}'
        f'<decisionTable hitPolicy="{policy}"{aggregation}>{columns}{results}{rows}</decisionTable></decision>',
        namespace,
    )


def model(body: str, namespace: str = MODEL) -> bytes:
    return f'<definitions xmlns="{namespace}" namespace="test" name="test">{body}</definitions>'.encode()


def literal(text: str, inputs: dict[str, str], kind: str = "") -> bytes:
    """A decision "准入" of one FEEL text."""
    data = "".join(
        f'<inputData id="i{at}" name={quoteattr(name)}><variable name={quoteattr(name)}{typed(own)}/></inputData>'
        for at, (name, own) in enumerate(inputs.items())
    )
    needs = "".join(
        f'<informationRequirement><requiredInput href="#i{at}"/></informationRequirement>' for at in range(len(inputs))
    )
    return model(
        f'{data}<decision id="d" name="准入"><variable name="准入"{typed(kind)}/>{needs}'
        f"<literalExpression><text>{escape(text)}</text></literalExpression></decision>"
    )
