"""The lock, the finder and the translations can say no."""

import pytest

from yichuang.settings.tools import lock, messages, where


def test_a_changed_dependency_makes_the_lock_stale(tmp_path, monkeypatch):
    for name in ("pyproject.toml", *lock.LOCKS):
        (tmp_path / name).write_text((lock.ROOT / name).read_text(encoding="utf-8"), encoding="utf-8")
    monkeypatch.setattr(lock, "ROOT", tmp_path)
    assert lock.stale() == []
    project = tmp_path / "pyproject.toml"
    project.write_text(project.read_text(encoding="utf-8").replace('"jinja2>=3.1"', '"jinja2>=3.2"'), encoding="utf-8")
    assert lock.stale() == list(lock.LOCKS)


@pytest.fixture
def house(tmp_path, monkeypatch):
    """One app with one message in code and one in a template."""
    app = tmp_path / "room"
    (app / "templates").mkdir(parents=True)
    (app / "apps.py").touch()
    (app / "views.py").write_text(
        'from django.utils.translation import gettext as _\nTITLE = _("办事")\n', encoding="utf-8"
    )
    (app / "templates/page.html").write_text("{% trans n=3 %}还剩 {{ n }} 天{% endtrans %}", encoding="utf-8")
    monkeypatch.setattr(messages, "PACKAGE", tmp_path)
    return app


def translate(po, **pairs):
    text = po.read_text(encoding="utf-8")
    for zh, en in pairs.items():
        text = text.replace(f'msgid "{zh}"\nmsgstr ""', f'msgid "{zh}"\nmsgstr "{en}"')
    po.write_text(text.replace('%(n)s 天"\nmsgstr ""', '%(n)s 天"\nmsgstr "%(n)s days left"'), encoding="utf-8")


def test_messages_are_collected_translated_and_compiled(house, capsys):
    assert [fault.partition(": ")[2] for fault in messages.faults()] == ["missing (2 messages)"]
    messages.write()
    assert "to be translated: 办事" in capsys.readouterr().out
    po = messages.po_of(house)
    assert any("no English: 办事" in fault for fault in messages.faults())
    translate(po, 办事="Services")
    assert list(messages.faults()) == [f"{po.with_suffix('.mo')}: not compiled from its .po"]
    messages.write()
    assert list(messages.faults()) == []
    before = po.read_bytes(), po.with_suffix(".mo").read_bytes()
    messages.write()
    assert (po.read_bytes(), po.with_suffix(".mo").read_bytes()) == before, "writing twice changes nothing"


def test_new_and_gone_messages_are_told(house):
    messages.write()
    translate(messages.po_of(house), 办事="Services")
    messages.write()
    (house / "views.py").write_text('TITLE = _("查询")\n', encoding="utf-8")
    told = "\n".join(messages.faults())
    assert "new: 查询" in told
    assert "gone: 办事" in told


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
