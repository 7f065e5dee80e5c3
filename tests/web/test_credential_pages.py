"""Certificates in the browser, on paper, and on the public page."""

from __future__ import annotations

import io
import json
from pathlib import Path

import pikepdf
import pytest
from django.test import Client

from shuyang.cli.main import main
from shuyang.feedback.api import CredentialView, credentials
from shuyang.people.models import Person
from tests.delivery.world import World, make_world
from tests.feedback.make import an_estimate, write

RARE = "㛃䶮𬭎𠅤𫖯"


@pytest.fixture
def world(db: None) -> World:
    """The real clock: a badge is checked against the wall clock."""
    return make_world()


@pytest.fixture
def address(world: World) -> str:
    return f"/results/{write(an_estimate(world.cast, world.cast.learner.person_id, [0.3] * 5))}/certificate/"


@pytest.fixture
def made(world: World, learner: Client, address: str) -> CredentialView:
    assert learner.post(address).status_code == 302
    return credentials(actor=world.learner)[0]


def test_it_says_what_it_would_say_and_then_makes_it(world: World, learner: Client, address: str) -> None:
    before = learner.get(address).content.decode()
    assert "注明属于诊断、不是认证" in before
    assert "下载 PDF 证书" not in before
    learner.post(address)
    after = learner.get(address).content.decode()
    for words in ("数字素养诊断测评凭证", "本凭证不是认证", "模拟数据", "下载 PDF 证书", "Open Badge 3.0"):
        assert words in after
    assert world.cast.organiser.client().get(address).status_code == 404


def test_it_says_why_there_is_none(world: World, learner: Client) -> None:
    thin = write(an_estimate(world.cast, world.cast.learner.person_id, [0.0] * 5, reached=(False,) * 5))
    page = f"/results/{thin}/certificate/"
    assert "并非每一力都达到规定的测量精度" in learner.get(page).content.decode()
    refused = learner.post(page)
    assert refused.status_code == 422
    assert credentials(actor=world.learner) == []


def test_the_public_page_shows_what_the_certificate_shows_and_nothing_else(world: World, made: CredentialView) -> None:
    page = Client().get(f"/verify/{made.statement.code}/")
    html = page.content.decode()
    assert page["X-Robots-Tag"] == "noindex"
    for words in (
        "有效",
        world.cast.learner.name,
        made.statement.unit_name,
        "模拟数据",
        str(made.statement.forces[0].score),
    ):
        assert words in html
    for kept in ("P002", "科员", str(made.estimate_id), str(world.cast.learner.person_id), "撤销这份证书"):
        assert kept not in html
    assert Client().get("/verify/AAAABBBBCCCCDDDD/").status_code == 404
    typed = f"/verify/?code={made.statement.code[:4]}+{made.statement.code[4:].lower()}"
    assert made.statement.name in Client().get(typed, follow=True).content.decode()


def test_a_revoked_one_says_so_and_shows_no_scores(world: World, learner: Client, made: CredentialView) -> None:
    page = f"/verify/{made.statement.code}/"
    assert Client().post(page + "revoke/").status_code == 302, "a stranger is asked to sign in"
    assert world.cast.stranger.client().post(page + "revoke/", {"reason": "x"}).status_code == 404
    organiser = world.cast.organiser.client()
    assert "请填写" in organiser.post(page + "revoke/", follow=True).content.decode()
    assert "撤销这份证书" in organiser.get(page).content.decode()
    organiser.post(page + "revoke/", {"reason": "测评无效"})
    html = Client().get(page).content.decode()
    assert "撤销" in html
    assert str(made.statement.forces[0].low) + "–" not in html
    assert "测评无效" not in html
    mine = learner.get(f"/results/{made.estimate_id}/certificate/").content.decode()
    assert "测评无效" in mine


def test_the_paper_is_archival_accessible_and_holds_the_badge(world: World, learner: Client, address: str) -> None:
    Person.objects.filter(id=world.cast.learner.person_id).update(name=RARE)
    learner.post(address)
    made = credentials(actor=world.learner)[0]
    reply = learner.get(f"/credentials/{made.id}/pdf/")
    with pikepdf.open(io.BytesIO(reply.content)) as pdf:
        said = pdf.open_metadata()
        assert (said["pdfaid:part"], said["pdfaid:conformance"], said["pdfuaid:part"]) == ("3", "A", "1")
        assert len(pdf.pages) == 1
        badge = pdf.attachments["badge.jwt"].get_file().read_bytes()
    assert badge == learner.get(f"/credentials/{made.id}/badge/").content


def test_the_result_sheet_is_archival_and_accessible(measured_page: bytes) -> None:
    with pikepdf.open(io.BytesIO(measured_page)) as pdf:
        said = pdf.open_metadata()
        assert (said["pdfaid:part"], said["pdfaid:conformance"], said["pdfuaid:part"]) == ("2", "A", "1")


@pytest.fixture
def measured_page(world: World, learner: Client, address: str) -> bytes:
    return bytes(learner.get(address.replace("certificate", "pdf")).content)


def test_badge_and_receipt_are_verified_offline(
    world: World, learner: Client, made: CredentialView, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    key, badge = tmp_path / "key.pem", tmp_path / "badge.jwt"
    key.write_bytes(Client().get("/verify/key.pem").content)
    badge.write_bytes(learner.get(f"/credentials/{made.id}/badge/").content)
    assert main(["verify", str(badge), "--key", str(key)]) == 0
    said = capsys.readouterr().out
    assert world.cast.learner.name in said
    assert "非认证" in said
    assert main(["verify", str(badge)]) == 0
    assert "请与单位公布的公钥核对" in capsys.readouterr().out
    badge.write_text(badge.read_text()[:-6] + "AAAAAA")
    assert main(["verify", str(badge), "--key", str(key)]) == 1


@pytest.mark.parametrize("content", ["a.b.c", "{}", "no file", '{"receipt": 1}', '{"receipt": {}, "signature": "zz"}'])
def test_other_files_are_refused_in_words(tmp_path: Path, content: str, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "file"
    path.write_text(content)
    assert main(["verify", str(path)]) == 1
    assert "Traceback" not in capsys.readouterr().err


def test_a_receipt_is_verified_and_a_changed_one_is_not(
    measured: World, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    from shuyang.evidence.models import Estimate

    client = measured.cast.learner.client()
    path, key = tmp_path / "receipt.json", tmp_path / "key.pem"
    key.write_bytes(client.get("/verify/key.pem").content)
    path.write_bytes(client.get(f"/results/{Estimate.objects.get().id}/receipt/").content)
    assert main(["verify", str(path), "--key", str(key)]) == 0
    assert main(["verify", str(path)]) == 0
    assert "签名成立" in capsys.readouterr().out
    body = json.loads(path.read_text("utf-8"))
    body["receipt"]["mean"][0] += 0.5
    path.write_text(json.dumps(body))
    assert main(["verify", str(path), "--key", str(key)]) == 1
