"""Backup and restore: what was there comes back, and nothing is lost by restoring the wrong or a damaged file."""

from __future__ import annotations

import io
import json
import stat
import tarfile
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.cli.installation import Installation

COUNT = "select count(*) from trust_audit_entry"


def _backup(installed: Installation, target: Path) -> Path:
    said = installed.shuyang("backup", target)
    assert said.code == 0, said.err
    assert str(target) in said.out
    return target


def test_what_was_there_comes_back(installed: Installation, tmp_path: Path) -> None:
    file = _backup(installed, tmp_path / "safe" / "b.tar.gz")
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    before = installed.contents()
    installed.sql("delete from trust_audit_entry")
    (installed.home / "files" / "名册.txt").write_text("改了")
    (installed.home / "secrets" / "master.key").write_bytes(b"x" * 32)
    said = installed.shuyang("restore", file, "--replace")
    assert said.code == 0, said.err
    assert installed.contents() == before
    assert installed.sql(COUNT) == [(4,)]  # three, and the administrator's
    assert installed.shuyang("audit", "verify").code == 0


def test_what_was_replaced_is_kept_beside(installed: Installation, tmp_path: Path) -> None:
    file = _backup(installed, tmp_path / "b.tar.gz")
    installed.sql("delete from trust_audit_entry")
    assert installed.shuyang("restore", file, "--replace").code == 0
    names = {p.name.partition(".before-")[0] for p in installed.home.glob("*.before-*")}
    assert {"shuyang.sqlite3", "secrets", "files"} <= names


def test_it_moves_to_an_empty_installation(installed: Installation, tmp_path: Path) -> None:
    file = _backup(installed, tmp_path / "b.tar.gz")
    new = Installation(tmp_path / "new")
    new.home.mkdir()
    said = new.shuyang("restore", file)
    assert said.code == 0, said.err
    assert new.contents() == installed.contents()
    assert new.shuyang("audit", "verify").code == 0


def test_it_does_not_replace_data_unasked(installed: Installation, tmp_path: Path) -> None:
    file = _backup(installed, tmp_path / "b.tar.gz")
    installed.sql("update trust_audit_entry set action = 'later'")
    said = installed.shuyang("restore", file)
    assert said.code == 1
    assert "--replace" in said.err
    assert installed.sql("select distinct action from trust_audit_entry") == [("later",)]


def test_it_makes_a_backup_of_its_own_name(installed: Installation) -> None:
    assert installed.shuyang("backup").code == 0
    (made,) = (installed.home / "backups").iterdir()
    assert made.name.startswith("shuyang-")
    assert tarfile.is_tarfile(made)


def test_it_records_that_a_backup_was_made(installed: Installation, tmp_path: Path) -> None:
    _backup(installed, tmp_path / "b.tar.gz")
    assert installed.sql("select action from trust_audit_entry order by created_at desc limit 1") == [("backup.made",)]


def _members(file: Path) -> dict[str, bytes]:
    with tarfile.open(file) as archive:
        return {m.name: archive.extractfile(m).read() for m in archive if m.isfile()}  # type: ignore[union-attr]


def _rewritten(file: Path, change: Callable[[dict[str, bytes]], None]) -> None:
    parts = _members(file)
    change(parts)
    with tarfile.open(file, "w:gz") as archive:
        for name, data in parts.items():
            info = tarfile.TarInfo(name)
            info.size = len(data)
            archive.addfile(info, io.BytesIO(data))


def _without(name: str) -> Callable[[dict[str, bytes]], None]:
    return lambda parts: parts.pop(name) and None


def _manifest(change: Callable[[dict[str, object]], object]) -> Callable[[dict[str, bytes]], None]:
    def apply(parts: dict[str, bytes]) -> None:
        manifest = json.loads(parts["manifest.json"])
        change(manifest)
        parts["manifest.json"] = json.dumps(manifest).encode()

    return apply


DAMAGES: dict[str, Callable[[Path], object]] = {
    "a file too many": lambda f: _rewritten(f, lambda p: p.update({"secrets/other.key": b"x"})),
    "another secret": lambda f: _rewritten(f, lambda p: p.update({"secrets/master.key": b"x" * 32})),
    "a changed database": lambda f: _rewritten(f, lambda p: p.update({"database": p["database"][:-1] + b"x"})),
    "no database": lambda f: _rewritten(f, _without("database")),
    "no manifest": lambda f: _rewritten(f, _without("manifest.json")),
    "a manifest without a database": lambda f: _rewritten(f, _manifest(lambda m: m["parts"].pop("database"))),  # type: ignore[attr-defined]
    "a manifest without a kind of database": lambda f: _rewritten(f, _manifest(lambda m: m.pop("vendor"))),
    "another kind of database": lambda f: _rewritten(f, _manifest(lambda m: m.update(vendor="postgresql"))),
    "a manifest that is a list": lambda f: _rewritten(f, lambda p: p.update({"manifest.json": b"[]"})),
    "cut short": lambda f: f.write_bytes(f.read_bytes()[: len(f.read_bytes()) // 2]),
    "a flipped bit": lambda f: f.write_bytes(f.read_bytes()[:3000] + b"\xff\x00\xff" + f.read_bytes()[3003:]),
    "some other file": lambda f: f.write_text("这不是备份"),
    "empty": lambda f: f.write_bytes(b""),
    "gone": lambda f: f.unlink(),
}


@pytest.fixture(scope="session")
def good_backup(prepared: Installation, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("good")
    return _backup(prepared.copy(folder / "home"), folder / "b.tar.gz")


def test_a_damaged_backup_changes_nothing(good_backup: Path, installed: Installation, tmp_path: Path) -> None:
    installed.sql("update trust_audit_entry set action = 'later'")
    before = installed.contents(), installed.sql("select * from trust_audit_entry"), _names(installed)
    files = []
    for kind, damage in DAMAGES.items():
        files.append(tmp_path / f"{kind}.tar.gz")
        files[-1].write_bytes(good_backup.read_bytes())
        damage(files[-1])
    codes = installed.shuyang_each(*[("restore", file, "--replace") for file in files])
    assert dict(zip(DAMAGES, codes, strict=True)) == dict.fromkeys(DAMAGES, 1)
    assert (installed.contents(), installed.sql("select * from trust_audit_entry"), _names(installed)) == before


def _names(installed: Installation) -> list[str]:
    return sorted(p.name for p in installed.home.iterdir() if not p.name.endswith(("-wal", "-shm")))
