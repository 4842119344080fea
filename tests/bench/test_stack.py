"""The bench starts an installation with every option that the supervisor knows today."""

from pathlib import Path

from bench.stack import Stack


def test_the_bench_tells_its_installation_what_the_supervisor_asks(tmp_path: Path) -> None:
    stack = Stack(tmp_path)
    assert stack.installation.env["YICHUANG_DEMO"] == "True"
    assert stack.installation.env["YICHUANG_BIND"].endswith(f":{stack.port}")
    assert "YICHUANG_CLOCK_SPEED" not in stack.installation.env
