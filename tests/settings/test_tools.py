"""The lock and the finder can say no."""

import pytest

from yichuang.settings.tools import lock, where


def test_a_changed_dependency_makes_the_lock_stale(tmp_path, monkeypatch):
    for name in ("pyproject.toml", *lock.LOCKS):
        (tmp_path / name).write_text((lock.ROOT / name).read_text(encoding="utf-8"), encoding="utf-8")
    monkeypatch.setattr(lock, "ROOT", tmp_path)
    assert lock.stale() == []
    project = tmp_path / "pyproject.toml"
    project.write_text(project.read_text(encoding="utf-8").replace('"jinja2>=3.1"', '"jinja2>=3.2"'), encoding="utf-8")
    assert lock.stale() == list(lock.LOCKS)


def test_the_finder_prefers_the_definition(tmp_path, monkeypatch):
    monkeypatch.setattr(where, "ROOT", tmp_path)
    (tmp_path / "rules.py").write_text("judge(1)\n\ndef judge(x):\n    return x\n")
    assert where.locate("rules.py:judge") == (tmp_path / "rules.py", 3)
    with pytest.raises(LookupError):
        where.locate("rules.py:jud")
    with pytest.raises(LookupError):
        where.locate("nothing.py")


def test_the_finder_answers_and_refuses(capsys):
    assert where.main(["容缺"]) == 0
    assert "src/yichuang/" in capsys.readouterr().out
    assert where.main(["量子纠缠"]) == 1
    assert "does not know" in capsys.readouterr().err
