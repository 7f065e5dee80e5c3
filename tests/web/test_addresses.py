"""The list of addresses that the browser tests go by is true."""

from __future__ import annotations

from tests.journeys.addresses import NO_PAGES, NOT_YET, name_of, openable


def test_what_is_called_no_page_exists() -> None:
    assert NO_PAGES.keys() | NOT_YET.keys() <= set(openable())
    assert not NO_PAGES.keys() & NOT_YET.keys()


def test_it_tells_pages_from_what_only_takes_posts() -> None:
    found = openable()
    assert {"home", "result", "unit_results", "overview", "range_task", "api_description"} <= set(found)
    assert not {"unit_publish", "range_act", "sign_out", "survey_save"} & set(found)
    assert name_of("/results/") == "results"
    assert name_of("/nothing-here/") == ""
