"""A person's own key, pseudonyms, blind indices, signatures, consent."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from shuyang.kernel.clock import frozen
from shuyang.kernel.errors import Forbidden, NotFound, Tampered
from shuyang.kernel.ids import new_id
from shuyang.trust import keys
from shuyang.trust.api import (
    NOBODY,
    SYSTEM,
    answer_consent,
    blind_index,
    check_audit,
    decrypt_for,
    destroy_person_key,
    encrypt_for,
    has_consented,
    make_person_keys,
    person_keys,
    pseudonym,
    sign,
    signature_holds,
)
from shuyang.trust.models import AuditEntry, Consent, PersonKey
from tests.cast import make_cast

pytestmark = pytest.mark.django_db


def test_it_reads_back_what_it_sealed_and_never_the_same_bytes_twice() -> None:
    person = new_id()
    key = make_person_keys([person])[person]
    sealed = [encrypt_for(key, "陈𬭎 110101", field="id_number") for _ in range(2)]
    assert sealed[0] != sealed[1]
    assert {decrypt_for(person, s, field="id_number") for s in sealed} == {"陈𬭎 110101"}
    assert b"110101" not in sealed[0]


def test_it_opens_nothing_in_another_place_or_for_another_person() -> None:
    person, other = new_id(), new_id()
    made = make_person_keys([person, other])
    sealed = encrypt_for(made[person], "138", field="phone")
    with pytest.raises(Tampered):
        decrypt_for(person, sealed, field="id_number")
    with pytest.raises(Tampered):
        decrypt_for(other, sealed, field="phone")
    with pytest.raises(Tampered):
        decrypt_for(person, sealed[:-1] + bytes([sealed[-1] ^ 1]), field="phone")


def test_a_wrapped_key_can_not_be_given_to_another_person() -> None:
    person, other = new_id(), new_id()
    make_person_keys([person, other])
    PersonKey.objects.filter(person_id=other).update(wrapped=PersonKey.objects.get(person_id=person).wrapped)
    with pytest.raises(Tampered):
        person_keys([other])


def test_deletion_makes_ciphertext_and_pseudonym_unreadable_and_leaves_the_chain_whole() -> None:
    cast = make_cast()
    person = cast.learner.person_id
    sealed = encrypt_for(person_keys([person])[person], "138", field="phone")
    answer_consent(actor=cast.learner.actor, purpose="assessment", text_version="1", given=True)
    stood_as = AuditEntry.objects.get(action="consent.given").actor
    assert stood_as == pseudonym(person)
    destroy_person_key(person)
    with pytest.raises(NotFound):
        decrypt_for(person, sealed, field="phone")
    assert pseudonym(person) == "gone"
    assert person_keys([person, cast.clerk.person_id]).keys() == {cast.clerk.person_id}
    assert check_audit().whole
    make_person_keys([person])  # a new key does not bring the old one back
    with pytest.raises(Tampered):
        decrypt_for(person, sealed, field="phone")
    assert pseudonym(person) != stood_as


def test_a_pseudonym_is_stable_and_of_one_person() -> None:
    one, other = new_id(), new_id()
    make_person_keys([one, other])
    assert pseudonym(one) == pseudonym(one)
    assert len({pseudonym(one), pseudonym(other), str(one), one.hex}) == 4


def test_a_blind_index_finds_equals_within_a_field() -> None:
    assert blind_index("138", field="phone") == blind_index("138", field="phone")
    assert (
        len({blind_index("138", field="phone"), blind_index("139", field="phone"), blind_index("138", field="id")}) == 3
    )


def test_another_installation_makes_other_indices_and_signatures(settings: Any, tmp_path: Any) -> None:
    index, signature = blind_index("138", field="phone"), sign(b"x")
    assert signature_holds(b"x", signature)
    settings.SHUYANG_SECRETS = str(tmp_path)
    keys.forget_cached()
    try:
        assert blind_index("138", field="phone") != index
        assert not signature_holds(b"x", signature)
    finally:
        keys.forget_cached()


@pytest.mark.parametrize("signature", ["", "00", "zz", "数", "00" * 64])
def test_a_signature_that_is_none_does_not_hold(signature: str) -> None:
    assert not signature_holds(b"x", signature)


def test_a_signature_covers_every_byte() -> None:
    assert not signature_holds(b"x ", sign(b"x"))


# --- consent ---------------------------------------------------------------------------------------------------------


def test_consent_is_the_last_word_on_one_purpose_and_one_text() -> None:
    cast = make_cast()
    person, actor = cast.learner.person_id, cast.learner.actor

    def consented(purpose: str = "assessment", version: str = "1") -> bool:
        return has_consented(person_id=person, purpose=purpose, text_version=version)

    assert not consented()
    with frozen(datetime(2026, 11, 22, tzinfo=UTC)) as advance:
        for given in (True, False, True):
            answer_consent(actor=actor, purpose="assessment", text_version="1", given=given)
            assert consented() is given
            advance(timedelta(seconds=1))
    assert not consented(version="2")
    assert not consented(purpose="research")
    assert not has_consented(person_id=cast.clerk.person_id, purpose="assessment", text_version="1")
    assert Consent.objects.count() == 3
    actions = AuditEntry.objects.filter(object_kind="consent").order_by("sequence").values_list("action", flat=True)
    assert list(actions) == ["consent.given", "consent.withdrawn", "consent.given"]


def test_consent_is_given_by_a_person() -> None:
    cast = make_cast()
    for actor in (SYSTEM, NOBODY, cast.administrator):
        with pytest.raises(Forbidden):
            answer_consent(actor=actor, purpose="assessment", text_version="1", given=True)
    assert not Consent.objects.exists()
