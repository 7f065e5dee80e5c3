"""`shuyang audit` and `shuyang verify`, as an auditor uses them."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from shuyang.cli.main import main
from shuyang.delivery.api import audit_export, end_by_person
from shuyang.delivery.models import Response
from shuyang.kernel.clock import frozen
from shuyang.trust.api import SYSTEM
from shuyang.trust.models import AuditChain, AuditEntry
from tests.cli.installation import SOURCE
from tests.delivery.world import NOON, World, give, make_world


@pytest.fixture
def world(db: None) -> World:
    with frozen(NOON):
        made = make_world()
        sitting = made.begin()
        for _ in range(3):
            give(made.learner, sitting.id)
        end_by_person(actor=made.learner, sitting_id=sitting.id)
    return made


def _said(capsys: pytest.CaptureFixture[str], *arguments: str | Path) -> tuple[int, str]:
    code = main([str(a) for a in arguments])
    printed = capsys.readouterr()
    return code, printed.out + printed.err


def test_it_says_that_the_log_is_whole(world: World, capsys: pytest.CaptureFixture[str]) -> None:
    code, said = _said(capsys, "audit", "verify")
    assert code == 0
    assert "the log is whole" in said
    assert f"{AuditEntry.objects.count() + 3} 条" in said


def test_it_names_the_link_that_was_changed(world: World, capsys: pytest.CaptureFixture[str]) -> None:
    Response.objects.filter(position=2).update(category=1)
    AuditEntry.objects.filter(action="sitting.begun").update(action="sitting.void")
    code, said = _said(capsys, "audit", "verify")
    assert code == 1
    assert "#2: 被改动 changed" in said
    assert f"unit:{world.cast.finance.path} #" in said
    assert "NOT whole" in said


def test_it_finds_with_kept_heads_what_the_database_can_not_show(
    world: World, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    heads = tmp_path / "heads.json"
    assert _said(capsys, "audit", "heads", heads)[0] == 0
    assert _said(capsys, "audit", "verify", "--heads", heads)[0] == 0
    AuditEntry.objects.filter(chain="unit:").delete()
    AuditChain.objects.filter(chain="unit:").delete()
    assert _said(capsys, "audit", "verify")[0] == 0
    code, said = _said(capsys, "audit", "verify", "--heads", heads)
    assert code == 1
    assert "被截 truncated" in said


def test_it_refuses_forged_heads(world: World, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    heads = tmp_path / "heads.json"
    _said(capsys, "audit", "heads", heads)
    body = json.loads(heads.read_text("utf-8"))
    body["heads"][0][1] = 1
    heads.write_text(json.dumps(body))
    assert _said(capsys, "audit", "verify", "--heads", heads)[0] == 1


@pytest.mark.parametrize("data", [b"", b"\xff\xfe\x00", b"[]", "不是".encode()])
@pytest.mark.parametrize("command", [("verify",), ("audit", "verify", "--heads")])
def test_it_says_in_words_that_a_file_is_another(
    db: None, tmp_path: Path, capsys: pytest.CaptureFixture[str], command: tuple[str, ...], data: bytes
) -> None:
    file = tmp_path / "x.json"
    file.write_bytes(data)
    code, said = _said(capsys, *command, file)
    assert code == 1
    assert said.startswith("shuyang: ")


@pytest.mark.parametrize("command", [("verify",), ("audit", "verify", "--heads"), ("restore",)])
def test_it_says_in_words_that_a_file_is_missing(
    db: None, tmp_path: Path, capsys: pytest.CaptureFixture[str], command: tuple[str, ...]
) -> None:
    code, said = _said(capsys, *command, tmp_path / "missing")
    assert code == 1
    assert said.startswith("shuyang: ")
    assert "missing" in said


def test_a_score_is_verified_where_nothing_is_set_up(world: World, tmp_path: Path) -> None:
    """The auditor's machine has the export and the program: no database, no settings, nothing is made there."""
    sitting_id = Response.objects.values_list("sitting_id", flat=True)[0]
    export = audit_export(actor=SYSTEM, sitting_id=sitting_id)
    (tmp_path / "export.json").write_text(json.dumps(export), "utf-8")
    first = _verified(tmp_path)
    assert (first.returncode, first.stderr) == (0, "")
    assert first.stdout.count("✓") == 3
    export["claimed"]["mean"][0] += 0.5
    (tmp_path / "export.json").write_text(json.dumps(export), "utf-8")
    second = _verified(tmp_path)
    assert second.returncode == 1
    assert "✗" in second.stdout
    assert "mean[0]" in second.stdout
    assert [p.name for p in tmp_path.iterdir()] == ["export.json"]


def _verified(folder: Path) -> subprocess.CompletedProcess[str]:
    environment = {"PYTHONPATH": str(SOURCE), "PATH": os.defpath, "PYTHONDONTWRITEBYTECODE": "1"}
    command = [sys.executable, "-m", "shuyang.cli", "verify", "export.json"]
    return subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)


@pytest.mark.parametrize("command", ["up", "import", "backup", "restore", "verify", "audit", "content"])
def test_every_command_explains_itself_with_an_example(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main([command, "--help"])
    assert ended.value.code == 0
    shown = capsys.readouterr().out
    assert "example" in shown
    assert f"\n  shuyang {command}" in shown


def test_it_says_how_it_is_used_when_asked_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main([])
    assert ended.value.code == 2
    assert "usage: shuyang" in capsys.readouterr().err
