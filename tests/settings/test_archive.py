"""The file of a backup: whole or not there, and every altered byte is named."""

import tarfile

import pytest

from yichuang.settings.processes import archive


@pytest.fixture
def data(tmp_path):
    folder = tmp_path / "data"
    (folder / "uploads/0a").mkdir(parents=True)
    (folder / "uploads/0a/one").write_bytes(b"sealed")
    (folder / "uploads/0a/.draft").write_bytes(b"half")
    (folder / "uploads/large").write_bytes(b"x" * 2_000_000)
    return folder


def save(data, target):
    with archive.writing(target, {"version": "1"}) as writer:
        writer.add_folder(data, "uploads")
    return target


def test_what_is_kept_comes_back(data, tmp_path):
    kept = save(data, tmp_path / "kept.tar")
    assert kept.stat().st_mode & 0o777 == 0o600
    assert set(archive.check(kept)["sha256"]) == {"uploads/0a/one", "uploads/large"}
    archive.unpack(kept, tmp_path / "back")
    assert (tmp_path / "back/uploads/0a/one").read_bytes() == b"sealed"
    assert (tmp_path / "back/uploads/large").read_bytes() == b"x" * 2_000_000


def test_a_file_that_grows_while_it_is_copied_is_kept_as_it_was_measured(data, tmp_path, monkeypatch):
    large, add = data / "uploads/large", tarfile.TarFile.addfile

    def grows(self, info, stream=None):
        if info.name == "uploads/large":
            with large.open("ab") as file:
                file.write(b"more")
        add(self, info, stream)

    monkeypatch.setattr(tarfile.TarFile, "addfile", grows)
    kept = save(data, tmp_path / "kept.tar")
    archive.check(kept)
    archive.unpack(kept, tmp_path / "back")
    assert (tmp_path / "back/uploads/large").read_bytes() == b"x" * 2_000_000
    assert large.stat().st_size == 2_000_004


def test_nothing_is_overwritten_and_nothing_half_is_left(data, tmp_path):
    kept = save(data, tmp_path / "kept.tar")
    before = kept.read_bytes()
    with pytest.raises(FileExistsError):
        save(data, kept)
    with pytest.raises(OSError, match="full"), archive.writing(tmp_path / "other.tar", {}):
        raise OSError("full")
    assert kept.read_bytes() == before
    assert [path.name for path in tmp_path.iterdir() if path.is_file()] == ["kept.tar"]


def test_every_altered_byte_and_every_cut_is_named(data, tmp_path):
    kept = save(data, tmp_path / "kept.tar")
    whole = kept.read_bytes()
    kept.write_bytes(whole.replace(b"sealed", b"sealee"))
    with pytest.raises(archive.Damaged, match="uploads/0a/one"):
        archive.check(kept)
    for length in (0, 100, 3000, len(whole) // 2):
        kept.write_bytes(whole[:length])
        with pytest.raises(archive.Damaged):
            archive.check(kept)


def test_somebody_elses_tar_is_no_backup(tmp_path):
    with tarfile.open(tmp_path / "x.tar", "w") as tar:
        tar.add(__file__, "x")
    with pytest.raises(archive.Damaged, match="no manifest"):
        archive.check(tmp_path / "x.tar")


def test_no_member_leads_out_of_the_folder(tmp_path):
    for name, kind in (("../out", tarfile.REGTYPE), ("/tmp/out", tarfile.REGTYPE), ("link", tarfile.SYMTYPE)):
        with tarfile.open(tmp_path / "x.tar", "w") as tar:
            member = tarfile.TarInfo(name)
            member.type, member.linkname = kind, "/etc/passwd"
            tar.addfile(member)
        for read in (archive.check, lambda file: archive.unpack(file, tmp_path / "back")):
            with pytest.raises(archive.Damaged):
                read(tmp_path / "x.tar")
    assert not (tmp_path / "out").exists()
