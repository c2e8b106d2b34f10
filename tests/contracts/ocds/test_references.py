from hypothesis import given
from hypothesis import strategies as st

from commissioning.rules import slug_of
from contracts.ocds.references import references

OCID = "ocds-b5fd17-3acef0bd-20d7-4df8-bbd7-01a3540dc2d6"


def test_references_are_short_and_tell_the_publisher():
    assert list(references(OCID, f"{OCID}-14"))[:2] == ["CF-3ACEF0BD", "CF-3ACEF0BD-14"]
    assert list(references("ocds-h6vhtk-04f1a2", "1"))[:2] == ["FTS-04F1A2", "FTS-04F1A2-1"]
    assert next(references(OCID, None)) == "CF-3ACEF0BD"
    assert next(references("ocds-zzzzzz-12", None)) == "OC-12"


@given(st.text(min_size=1, max_size=120), st.none() | st.text(min_size=1, max_size=200))
def test_references_fit_the_register_and_are_always_the_same(ocid, award):
    made = list(references(ocid, award))
    assert made == list(references(ocid, award))
    assert all(0 < len(reference) <= 60 and reference == slug_of(reference) for reference in made)


@given(st.lists(st.text(min_size=1), min_size=2, max_size=5, unique=True))
def test_the_last_resort_differs_for_each_award(awards):
    last = {list(references(OCID, award))[-1] for award in awards}
    assert len(last) == len(awards)
