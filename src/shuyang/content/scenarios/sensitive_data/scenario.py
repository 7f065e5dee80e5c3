"""E6 敏感数据: find what leaks, grade fields, mask a table so that nobody in it can be found again, review grants."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from shuyang.practice.authoring import (
    Band,
    Checker,
    Evidence,
    Preparation,
    Sight,
    Solution,
    Trick,
    Verdict,
    Wrong,
    anonymity,
    linkage,
    narrowed,
    read_as,
    variation_distance,
)

GRADED = ("medical_insured", "disabled_register", "published_case")
GRADES = {"公开": "public", "内部": "internal", "个人信息": "personal", "敏感个人信息": "sensitive"}
TODAY = "2025-12-31"
ORDER = ("public", "internal", "personal", "sensitive")
LEAST_K, MOST_RISK = 5, 0.01
POINTS = 0.1  # by itself a field that is meant to point at one person may find no more than this share of the people
TRIED = 200  # people whose number or name the attacker has
MOST_SHIFT = 0.05  # of what the research counts: total variation distance of the shares
LEAKS = {"phone": r"1[0-9]{10}", "id_number": r"[0-9]{17}[0-9X]", "birth_date": r"(19|20)[0-9]{6}"}
DROP, SHUFFLE = "NULL", "coalesce(lead({0}) OVER w, first_value({0}) OVER w)"  # w: the records in an order by chance
NUMBER = "'{1}' || row_number() OVER (ORDER BY hash(record_no, '{0}'))"
BAND = "CASE WHEN year(birth_date) >= 1986 THEN '1986-2005' WHEN year(birth_date) >= 1966 THEN '1966-1985' ELSE '1900-1965' END"
TEN = "(2016 - 10 * ((2025 - year(birth_date)) // 10)) || '-' || (2025 - 10 * ((2025 - year(birth_date)) // 10))"
_ANY = {"keep": "{0}::VARCHAR", "drop": DROP, "shuffle": SHUFFLE}
_POINTING = {"keep": "{0}", "drop": DROP, "digest": "md5({0})", "pseudonym": NUMBER}
# What each method makes of a field; a method that is not here can't be done to it. What a method is good for stands nowhere:
# the table it makes is attacked and put to use.
METHODS: Mapping[str, Mapping[str, str]] = {
    "record_no": _POINTING,
    "id_number": {**_POINTING, "partial": "left(id_number, 6) || '********' || right(id_number, 4)"},
    "name": {**_POINTING, "partial": "left(name, 1) || '**'"},
    "phone": {**_POINTING, "partial": "left(phone, 3) || '****' || right(phone, 4)"},
    "sex": _ANY,
    "birth_date": {**_ANY, "year": "year(birth_date)::VARCHAR", "band10": TEN, "band3": BAND},
    "subdistrict": {**_ANY, "district": "district"},
    "chronic_kind": _ANY,
    "paid_by": _ANY,
}
POINTING = ("record_no", "id_number", "name", "phone")
PUBLIC = ("name", "sex", "birth_date", "subdistrict")  # what an outsider may know of people
SPELT = {"subdistrict": ("subdistrict", "district")}  # a field that can be told in two ways
COUNTED = {"chronic_kind": "chronic_kind", "sex": "sex", "birth_date": "band", "subdistrict": "district"}


def prepare(preparation: Preparation) -> None:
    """Give what was published, the fields to grade, the patients to mask, a public list to compare with, and the grants."""
    preparation.give(
        "notices",
        "SELECT notice_no, i.name AS item, applicant, subdistrict, decided_on, result, query_code, note FROM published_case "
        "JOIN service_item i USING (item_id) ORDER BY notice_no",
    )
    _fields(preparation)
    _patients(preparation)
    preparation.give(
        "club", "SELECT entry_no, name, sex, birth_date, subdistrict, event FROM club_list ORDER BY entry_no"
    )
    preparation.hide(
        "club_people",
        "SELECT c.entry_no, m.resident_id, d.name AS district FROM club_list c JOIN answers.matching m ON m.extract = 'club_list' "
        "AND m.record_no = c.entry_no::VARCHAR JOIN subdistrict s ON s.name = c.subdistrict JOIN district d USING (district_id) "
        "ORDER BY entry_no",
    )
    preparation.give(
        "grants",
        "SELECT g.grant_id, r.name AS resource, d.short_name AS to_department, g.purpose, g.fields, g.granted_on, g.expires_on, "
        "g.monthly_calls, g.last_call_on FROM data_grant g JOIN data_resource r USING (resource_id) "
        "JOIN department d ON d.department_id = g.to_department_id ORDER BY grant_id",
    )
    leak = preparation.planted["leaking_field"]
    preparation.truths |= {
        "leak_field": leak["field"],
        "leak_kind": leak["leaks"],
        "leak_rows": leak["rows"],
        "overwide": preparation.planted["overwide_grant"]["grant_id"],
        "expired": preparation.planted["expired_grant"]["grant_id"],
    }


def _fields(preparation: Preparation) -> None:
    marks = ", ".join(f"'{table}'" for table in GRADED)
    rows = preparation.sql(
        "SELECT f.field_id, r.table_name, f.name FROM resource_field f JOIN data_resource r USING (resource_id) "
        f"WHERE r.table_name IN ({marks}) ORDER BY f.field_id"
    )
    grades = {str(field_id): GRADES[preparation.true_grade(table, name)] for field_id, table, name in rows}
    preparation.truths["grades"] = grades
    preparation.put("declared", {"field_id": [row[0] for row in rows], "declared_grade": _declare(preparation, grades)})
    preparation.give(
        "fields",
        "SELECT f.field_id, r.name AS resource, f.name, f.title, d.declared_grade FROM declared d "
        "JOIN resource_field f USING (field_id) JOIN data_resource r USING (resource_id) ORDER BY f.field_id",
    )


def _declare(preparation: Preparation, grades: Mapping[str, str]) -> list[str]:
    """What those who made the catalogue declared: one sensitive field too low, a third of the others one step off."""
    words = {grade: word for word, grade in GRADES.items()}
    sensitive = [key for key, grade in grades.items() if grade == "sensitive"]
    exposed = sensitive[int(preparation.random.integers(len(sensitive)))]
    declared = []
    for key, grade in grades.items():
        place = ORDER.index(grade)
        if key == exposed:
            place -= 1
        elif grade != "sensitive" and preparation.random.random() < 0.35:
            place = max(0, place + (1 if preparation.random.random() < 0.6 else -1))
        declared.append(words[ORDER[place]])
    return declared


def _patients(preparation: Preparation) -> None:
    """Adults with a chronic illness. Cells that even the coarsest useful grouping would leave small are not in the request."""
    preparation.sql(
        "CREATE TABLE whole AS SELECT m.record_no, m.id_number, r.name, r.sex, r.birth_date, m.phone, s.name AS subdistrict, "
        "d.name AS district, m.chronic_kind, m.paid_by, r.resident_id FROM medical_insured m JOIN answers.matching a "
        "ON a.extract = 'medical_insured' AND a.record_no = m.record_no JOIN resident r ON r.resident_id = a.resident_id "
        "JOIN household h USING (household_id) JOIN subdistrict s USING (subdistrict_id) JOIN district d USING (district_id) "
        "WHERE m.chronic_kind IS NOT NULL AND year(r.birth_date) <= 2005 "
        "QUALIFY row_number() OVER (PARTITION BY r.resident_id ORDER BY m.record_no) = 1"
    )
    preparation.hide(
        "patients_whole",
        f"SELECT *, {BAND} AS band FROM whole QUALIFY count(*) OVER (PARTITION BY sex, band, district) >= 8 ORDER BY record_no",
    )
    preparation.give("patients", "SELECT * EXCLUDE (resident_id, band) FROM patients_whole ORDER BY record_no")
    names = list(METHODS)
    preparation.put(
        "columns",
        {"field": names, "sample": [str(preparation.sql(f'SELECT "{n}" FROM patients LIMIT 1')[0][0]) for n in names]},
    )
    preparation.given.append("columns")


# --- checkers --------------------------------------------------------------------------------------------------------


def check_leak(sight: Sight) -> Verdict:
    """Which published field leaks, what, and how often."""
    given = sight.artifact("leak")["fields"]
    if given.get("field") != sight.truths["leak_field"]:
        return Verdict(0, "field")
    if given.get("kind") != sight.truths["leak_kind"]:
        return Verdict(1, "kind")
    rows, truth = given.get("rows"), int(sight.truths["leak_rows"])
    close = isinstance(rows, int | float) and abs(rows - truth) <= max(3, 0.02 * truth)
    return Verdict(3, "right", {"truth": truth}) if close else Verdict(2, "rows", {"truth": truth})


def check_grades(sight: Sight) -> Verdict:
    """The grade of each field; one that is graded too low weighs more than one too high."""
    truth: Mapping[str, str] = sight.truths["grades"]
    rows = sight.artifact("grades")["rows"]
    given = {key: rows.get(key, {}).get("grade") for key in truth}
    right = sum(given[key] == truth[key] for key in truth)
    exposed = sum(truth[key] == "sensitive" and given[key] != "sensitive" for key in truth)
    low = sum(given[key] in ORDER and ORDER.index(given[key]) < ORDER.index(truth[key]) for key in truth)
    high = sum(given[key] in ORDER and ORDER.index(given[key]) > ORDER.index(truth[key]) for key in truth)
    figures = {"right": right, "all": len(truth), "exposed": exposed, "low": low, "high": high}
    if right < 0.6 * len(truth):
        return Verdict(0, "few", figures)
    if exposed:
        return Verdict(1, "exposed", figures)
    if right < 0.9 * len(truth):
        return Verdict(2, "low" if low >= high else "high", figures)
    return Verdict(3, "right", figures)


def check_mask(sight: Sight) -> Verdict:
    """Attack the masked table: by the fields that point at a person, by classes that are too small, by the public list. Then do
    the research with it. Then see whether it tells more than that needs."""
    rows = sight.artifact("mask")["rows"]
    chosen = {field: str(rows.get(field, {}).get("method", "keep")) for field in METHODS}
    for field, method in chosen.items():
        if method not in METHODS[field]:
            return Verdict(0, "method", {"field": field})
    masked, whole = _masked(sight, chosen), _whole(sight)
    direct = [field for field in POINTING if _found_by(field, masked, whole) > POINTS]
    if direct:
        return Verdict(0, "direct", {"fields": "、".join(direct)})
    k, risk = _attack(sight, masked, whole)
    lost, shift = _research(masked, whole)
    figures: Evidence = {"k": k, "risk": round(100 * risk, 1), "lost": "、".join(lost), "shift": round(100 * shift)}
    if k < LEAST_K or risk > MOST_RISK:
        return Verdict(1, "found_again", figures)
    if lost or shift > MOST_SHIFT:
        return Verdict(2, "useless" if lost else "distorted", figures)
    spare = [field for field in METHODS if _tells(field, masked, whole, COUNTED.get(field)) > MOST_SHIFT]
    if spare:
        return Verdict(3, "spare", {"fields": "、".join(spare)})
    return Verdict(4, "right", figures)


Columns = Mapping[str, list[Any]]


def _masked(sight: Sight, chosen: Mapping[str, str]) -> Columns:
    """The table as it would be handed over, in the order of the records."""
    made = [METHODS[field][method].format(field, field[0].upper()) for field, method in chosen.items()]
    rows = sight.query(
        f"SELECT {', '.join(made)} FROM patients_whole WINDOW w AS (ORDER BY hash(record_no)) ORDER BY record_no"
    )
    return {field: [row[place] for row in rows] for place, field in enumerate(chosen)}


def _whole(sight: Sight) -> Columns:
    """The table before; `<field>_digest`: what anyone can compute from a number or name that he knows."""
    digests = [f"md5({field})" for field in POINTING]
    names = [*METHODS, "district", "band", "resident_id", *[f"{field}_digest" for field in POINTING]]
    rows = sight.query(
        f"SELECT {', '.join([*METHODS, 'district', 'band', 'resident_id', *digests])} FROM patients_whole ORDER BY record_no"
    )
    return {name: [row[place] for row in rows] for place, name in enumerate(names)}


def _found_by(field: str, masked: Columns, whole: Columns) -> float:
    """The share of the people who are found by this field alone, by somebody who knows it of them."""
    people, there = whole["resident_id"], [place for place, value in enumerate(masked[field]) if value is not None]
    published = {field: [masked[field][place] for place in there]}
    whose = [people[place] for place in there]
    risks = [0.0]
    for known in (whole[field], whole[f"{field}_digest"]):
        kept = [place for place, value in enumerate(known) if value is not None][:TRIED]
        outside = {field: [known[place] for place in kept]}
        found = linkage(published, outside, {field: field}, whose=whose, who=[people[place] for place in kept])
        risks.append(found.risk)
    return max(risks)


def _tells(field: str, masked: Columns, whole: Columns, beyond: str | None = None) -> float:
    """The share of the records whose masked field still says something about the person (beyond what may be said)."""
    within = whole[beyond] if beyond else None
    return max(narrowed(masked[field], whole[spelling], within) for spelling in SPELT.get(field, (field,)))


def _attack(sight: Sight, masked: Columns, whole: Columns) -> tuple[int, float]:
    """k over all that an outsider may know, and the share of the people on the public list who are found."""
    telling = [field for field in PUBLIC if _tells(field, masked, whole) > 0]
    known = sight.query(
        "SELECT p.resident_id, c.name, c.sex, c.birth_date::VARCHAR, c.subdistrict, p.district FROM club c "
        "JOIN club_people p USING (entry_no) ORDER BY entry_no"
    )
    outside = {name: [row[n] for row in known] for n, name in enumerate((*PUBLIC, "district"), 1)}
    who = [row[0] for row in known]
    risk = 0.0
    for place in SPELT["subdistrict"] if telling else ():
        on = {field: place if field == "subdistrict" else field for field in telling}
        risk = max(risk, linkage(masked, outside, on, whose=whole["resident_id"], who=who).risk)
    return anonymity(masked, telling).k, risk


def _research(masked: Columns, whole: Columns) -> tuple[list[str], float]:
    """The fields that can't be counted by any more, and how far the counts by all of them together are from the true ones."""
    read: dict[str, list[Any]] = {}
    for field, counted in COUNTED.items():
        spellings = SPELT.get(field, (field,))
        domain = [value for spelling in spellings for value in whole[spelling]]
        read[field] = read_as(masked[field], domain, whole[counted] * len(spellings))
    lost = [field for field, counted in COUNTED.items() if variation_distance(whole[counted], read[field]) > MOST_SHIFT]
    truth = list(zip(*(whole[counted] for counted in COUNTED.values()), strict=True))
    return lost, variation_distance(truth, list(zip(*read.values(), strict=True)))


def check_grants(sight: Sight) -> Verdict:
    """Narrow the grant that is too wide, revoke the one that has run out, leave the others alone."""
    marked = dict(sight.artifact("grants")["marked"])
    wanted = {str(sight.truths["overwide"]): "narrow", str(sight.truths["expired"]): "revoke"}
    hit = sum(marked.get(key) == mark for key, mark in wanted.items())
    extra = sum(key not in wanted for key in marked)
    figures = {"hit": hit, "extra": extra}
    if hit == 0 or extra > 3:
        return Verdict(0, "none" if hit == 0 else "too_many", figures)
    if hit == 1:
        return Verdict(1, "one", figures)
    return Verdict(2, "extra", figures) if extra else Verdict(3, "right", figures)


CHECKERS: Mapping[str, Checker] = {
    "leak": check_leak,
    "grades": check_grades,
    "mask": check_mask,
    "grants": check_grants,
}


# --- solutions whose verdicts are known ------------------------------------------------------------------------------

SAFE = {
    "record_no": "pseudonym", "id_number": "drop", "name": "drop", "phone": "drop", "sex": "keep", "birth_date": "band3",
    "subdistrict": "district", "chronic_kind": "keep", "paid_by": "drop",
}  # fmt: skip


def _mask(**changed: str) -> Solution:
    return Solution((), {"mask": {"rows": {f: {"method": m} for f, m in {**SAFE, **changed}.items()}}})


def _leak(sight: Sight, **changed: Any) -> Solution:
    """Looks through every column for what looks like a personal number; the one with the most hits leaks."""
    hits = {
        (field, kind): sight.query(f"SELECT count(*) FROM notices WHERE regexp_matches({field}, '{pattern}')")[0][0]
        for field in ("applicant", "subdistrict", "query_code", "note")
        for kind, pattern in LEAKS.items()
    }
    field, kind = max(hits, key=lambda pair: int(hits[pair]))
    return Solution((), {"leak": {"fields": {"field": field, "kind": kind, "rows": hits[field, kind], **changed}}})


def _graded(grades: Mapping[str, str]) -> Solution:
    return Solution((), {"grades": {"rows": {key: {"grade": grade} for key, grade in grades.items()}}})


def _marks(marked: Mapping[Any, str]) -> Solution:
    return Solution((), {"grants": {"marked": {str(key): mark for key, mark in marked.items()}}})


def _found(sight: Sight) -> dict[Any, str]:
    """Run out and still used; and of the others the one that is given the most fields."""
    ((expired,),) = sight.query(
        f"SELECT grant_id FROM grants WHERE expires_on < DATE '{TODAY}' AND last_call_on > expires_on"
    )
    ((wide,),) = sight.query(
        "SELECT grant_id FROM grants WHERE grant_id <> ? ORDER BY len(string_split(fields, '、')) DESC, grant_id LIMIT 1",
        [expired],
    )
    return {wide: "narrow", expired: "revoke"}


def reference(sight: Sight) -> Solution:
    """What an expert hands in: all but the grades, which are a matter of judgement, from the given tables alone."""
    artifacts = {
        **_leak(sight).artifacts,
        **_graded(sight.truths["grades"]).artifacts,
        **_mask().artifacts,
        **_marks(_found(sight)).artifacts,
    }
    return Solution((), artifacts)


def _declared(sight: Sight) -> Solution:
    """Takes over what the departments declared."""
    rows = sight.query("SELECT field_id, declared_grade FROM fields")
    return _graded({str(key): GRADES.get(grade or "", "internal") for key, grade in rows})


def _shifted(sight: Sight, by: int) -> Solution:
    """Grades what is not sensitive one step off, up or down."""
    truth: Mapping[str, str] = sight.truths["grades"]
    plain = [key for key, grade in truth.items() if grade != "sensitive"]
    moved = {key: ORDER[min(max(ORDER.index(truth[key]) + by, 0), 3)] for key in plain[: len(truth) // 3]}
    return _graded({**truth, **moved})


def _one_exposed(sight: Sight) -> Solution:
    truth = dict(sight.truths["grades"])
    truth[next(key for key, grade in truth.items() if grade == "sensitive")] = "personal"
    return _graded(truth)


def _another_field(sight: Sight) -> Solution:
    return _leak(sight, field="applicant")


def _another_kind(sight: Sight) -> Solution:
    return _leak(sight, kind="bank_card")


def _with_extra(sight: Sight, extra: int) -> Solution:
    others = [
        key for (key,) in sight.query("SELECT grant_id FROM grants ORDER BY grant_id") if key not in _found(sight)
    ]
    return _marks({**_found(sight), **dict.fromkeys(others[:extra], "revoke")})


WRONG = (
    Wrong("another_field", _another_field, {"leak": "field"}),
    Wrong("another_kind", _another_kind, {"leak": "kind"}),
    Wrong("counts_nothing", lambda sight: _leak(sight, rows=0), {"leak": "rows"}),
    Wrong("one_sensitive_as_personal", _one_exposed, {"grades": "exposed"}),
    Wrong("grades_too_low", lambda sight: _shifted(sight, -1), {"grades": "low"}),
    Wrong("grades_too_high", lambda sight: _shifted(sight, 1), {"grades": "high"}),
    Wrong("masks_the_middle", lambda sight: _mask(id_number="partial", phone="partial"), {"mask": "direct"}),
    Wrong("keeps_birth_dates", lambda sight: _mask(birth_date="keep", subdistrict="keep"), {"mask": "found_again"}),
    Wrong("keeps_surnames", lambda sight: _mask(name="partial"), {"mask": "found_again"}),
    Wrong("keeps_birth_years", lambda sight: _mask(birth_date="year"), {"mask": "found_again"}),
    Wrong(
        "drops_everything", lambda sight: _mask(sex="drop", birth_date="drop", subdistrict="drop"), {"mask": "useless"}
    ),
    Wrong("drops_the_illness", lambda sight: _mask(chronic_kind="drop"), {"mask": "useless"}),
    Wrong("hashes_what_can_be_tried", lambda sight: _mask(id_number="digest"), {"mask": "direct"}),
    Wrong("shuffles_the_illness", lambda sight: _mask(chronic_kind="shuffle"), {"mask": "distorted"}),
    Wrong("gives_what_is_not_asked_for", lambda sight: _mask(paid_by="keep"), {"mask": "spare"}),
    Wrong("district_for_a_name", lambda sight: _mask(name="district"), {"mask": "method"}),
    Wrong("only_the_expired", lambda sight: _marks({sight.truths["expired"]: "revoke"}), {"grants": "one"}),
    Wrong("revokes_what_is_used", lambda sight: _with_extra(sight, 1), {"grants": "extra"}),
    Wrong("mixes_them_up", lambda sight: _marks({sight.truths["expired"]: "narrow"}), {"grants": "none"}),
)
TRICKS = (
    Trick("all_sensitive", lambda sight: _graded(dict.fromkeys(sight.truths["grades"], "sensitive")), "grades", 0),
    Trick("as_declared", _declared, "grades", 1),
    Trick("nothing_chosen", lambda sight: Solution((), {"mask": {"rows": {"paid_by": {"method": "drop"}}}}), "mask", 0),
    Trick("drops_all_fields", lambda sight: _mask(**dict.fromkeys(METHODS, "drop")), "mask", 2),
    Trick(
        "numbers_for_the_public_fields",
        lambda sight: _mask(name="pseudonym", sex="shuffle", birth_date="shuffle"),
        "mask",
        2,
    ),
    Trick("revokes_everything", lambda sight: _with_extra(sight, 99), "grants", 0),
)


def _count(sight: Sight, what: str) -> float:
    return float(sight.query(f"SELECT count(*) FROM {what}")[0][0])


def _born(sight: Sight) -> float:
    """The share of those on the public list who are patients and found where birth dates and subdistricts are kept."""
    chosen = {**SAFE, "birth_date": "keep", "subdistrict": "keep"}
    return _attack(sight, _masked(sight, chosen), _whole(sight))[1]


BANDS = (
    Band("patients", lambda sight: _count(sight, "patients"), 2800, 4200),
    Band("found by birth date and subdistrict", _born, 0.1, 0.35),
    Band("notices that leak", lambda sight: float(sight.truths["leak_rows"]), 200, 4000),
    Band("fields to grade", lambda sight: float(len(sight.truths["grades"])), 12, 30),
)
