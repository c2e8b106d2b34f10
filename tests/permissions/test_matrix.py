"""Who gets what from every view: role by view by status, typed by hand.

A view that is not in the table fails the first test, so nothing goes in unnoticed.
"""

import pytest

from tests.permissions.addresses import names, send

#: The columns. Those without another body's name work for the unit's host.
WHO = (
    "anonymous",
    "commissioner",
    "contract_officer",
    "board_secretary",
    "service_manager",
    "finance",
    "clinical_lead",
    "auditor",
    "organisation_administrator",
    "provider_contact",
    "ccg_commissioner",  # of a full partner
    "observer",  # commissioner of an observing partner
    "outsider",  # commissioner of another unit's host
    "leaver",  # commissioner until last year
)
#: . shown, - done without a page, > sent on, F seen but not allowed, N not found, M not by this method
STATUS = {".": 200, "-": 204, ">": 302, "F": 403, "N": 404, "M": 405}

EVERYBODY, NOBODY_POSTS = "." * 14, "M" * 14
#: Anonymous people are sent to sign in by every page that is not public.
MATRIX: dict[str, tuple[str, str]] = {
    #                                 GET, an empty POST
    #                                 acosmfclapvoxl    acosmfclapvoxl
    "health": (EVERYBODY, EVERYBODY),
    "accessibility": (EVERYBODY, EVERYBODY),
    "keyboard": (EVERYBODY, EVERYBODY),
    "account_login": ("." + ">" * 13, "." + ">" * 13),
    "account_logout": (">" + "." * 13, ">" * 14),
    "account_reset_password": (EVERYBODY, EVERYBODY),
    "account_reset_password_done": (EVERYBODY, NOBODY_POSTS),
    "account_reset_password_from_key": (EVERYBODY, EVERYBODY),
    "account_reset_password_from_key_done": (EVERYBODY, NOBODY_POSTS),
    "account_inactive": (EVERYBODY, NOBODY_POSTS),
    "account_change_password": (">" + "." * 13, ">" + "." * 13),
    "keep_signed_in": (">" + "-" * 13, ">" + "-" * 13),
    # looking
    "dashboard": (">.......>....F", ">.......>....F"),  # who looks after people is led to them
    "register": (">.......F....F", ">.......F....F"),
    "search": (">.......F....F", ">.......F....F"),
    "contract": (">.......N...NN", ">.......N...NN"),
    "register_export": (">.....F.FF.F.F", ">.....F.FF.F.F"),
    "register_view_export": (">.....F.FF.F.F", ">.....F.FF.F.F"),
    "saved_views": (">.......F....F", ">.......F....F"),
    "saved_view_add": (">.......F....F", ">.......F....F"),
    # the contract officer's, shared with the unit: removed also by who manages the unit
    "saved_view_change": (">F.FFFFFNNFFNN", ">F.FFFFFNNFFNN"),
    "saved_view_remove": (">..FFFFFNNFFNN", ">>>FFFFFNNFFNN"),
    "audit": (">FFFFFF.FFFFFF", ">FFFFFF.FFFFFF"),
    # the register
    "contract_add": (">.FFFFFFFF.F.F", ">.FFFFFFFF.F.F"),
    "contract_change": (">.FFFFFFNF.FNN", ">.FFFFFFNF.FNN"),
    "contract_option": (">.FFFFFFNF.FNN", ">.FFFFFFNF.FNN"),
    "contract_notice": (">.FFFFFFNF.FNN", ">.FFFFFFNF.FNN"),
    **dict.fromkeys(
        (
            "contract_decision",
            "contract_extend",
            "contract_vary_value",
            "contract_vary_term",
            "contract_end",
            "contract_recommission",
            "contract_decommission",
            "contract_novate",
            "duty",
            "duty_add",
        ),
        (">.FFFFFFNF.FNN", ">.FFFFFFNF.FNN"),
    ),
    "duties_list": (">MFFFFFFNFMFNN", ">>FFFFFFNF>FNN"),
    "duties": (">.FFFFFFFF.F.F", ">.FFFFFFFF.F.F"),
    "contract_restrict": (">.FFFFFFNF.FNN", ">.FFFFFFNF.FNN"),
    # the contract restricted to the host: for others it does not exist
    "contract_lift": (">.FFFFFFNNNNNN", ">.FFFFFFNNNNNN"),
    # improvement plans and private notices: read like the contract, kept by its own people and whoever reviews
    "plan": (">.......N...NN", ">.......N...NN"),
    "plan_add": (">..F.FFFNF.FNN", ">..F.FFFNF.FNN"),
    "plan_change": (">..F.FFFNF.FNN", ">..F.FFFNF.FNN"),
    "plan_close": (">..F.FFFNF.FNN", ">..F.FFFNF.FNN"),
    "plan_step_add": (">..F.FFFNF.FNN", ">..F.FFFNF.FNN"),
    "plan_step": (">..F.FFFNF.FNN", ">..F.FFFNF.FNN"),
    "plan_step_change": (">..F.FFFNF.FNN", ">..F.FFFNF.FNN"),
    "plan_step_remove": (">MMFMFFFNFMFNN", ">>>F>FFFNF>FNN"),
    "plan_step_evidence": (">FFFFFFFN.FFNN", ">FFFFFFFN.FFNN"),  # the provider's own contact
    "performance_notice": (">.......N...NN", ">.......N...NN"),
    "performance_notice_add": (">..F.FFFNF.FNN", ">..F.FFFNF.FNN"),
    "performance_notice_change": (">..F.FFFNF.FNN", ">..F.FFFNF.FNN"),
    "performance_notice_meeting": (">..F.FFFNF.FNN", ">..F.FFFNF.FNN"),
    "performance_notice_close": (">..F.FFFNF.FNN", ">..F.FFFNF.FNN"),
    "contract_attention": (">..F.FFFNF.FNN", ">..F.FFFNF.FNN"),
    "contract_attention_end": (">MMFMFFFNFMFNN", ">>>F>FFFNF>FNN"),
    "attention_rules": (">.FFFFFFNNFFNN", ">.FFFFFFNNFFNN"),
    # the contract's management board
    "contract_board": (">.......N...NN", ">.......N...NN"),
    "contract_board_open": (">>>F>FFFNF>FNN", ">>>F>FFFNF>FNN"),  # it is open already
    "contract_seat_add": (">..F.FFFNF.FNN", ">..F.FFFNF.FNN"),
    "contract_seat_end": (">..F.FFFNF.FNN", ">..F.FFFNF.FNN"),
    "contract_meeting_add": (">..F.FFFNF.FNN", ">..F.FFFNF.FNN"),
    "contract_meeting": (">.......N...NN", ">.......N...NN"),
    "contract_meeting_change": (">..F.FFFNF.FNN", ">..F.FFFNF.FNN"),
    "contract_meeting_cancel": (">..F.FFFNF.FNN", ">..F.FFFNF.FNN"),
    "contract_meeting_record": (">..F.FFFNF.FNN", ">..F.FFFNF.FNN"),
    "contract_action_add": (">..F.FFFNF.FNN", ">..F.FFFNF.FNN"),
    "contract_action_done": (">..F.FFFNF.FNN", ">..F.FFFNF.FNN"),
    # imports are their uploader's own
    "register_import": (">.FFFFFFFF.F.F", ">.FFFFFFFF.F.F"),
    "register_import_template": (">.FFFFFFFF.F.F", ">MFFFFFFFFMFMF"),
    "register_import_show": (">.NNNNNNNNNNNN", ">MNNNNNNNNNNNN"),
    "register_import_providers": (">MNNNNNNNNNNNN", ">.NNNNNNNNNNNN"),
    "register_import_check": (">MNNNNNNNNNNNN", ">>NNNNNNNNNNNN"),
    "register_import_confirm": (">MNNNNNNNNNNNN", ">>NNNNNNNNNNNN"),
    "register_import_faults": (">.NNNNNNNNNNNN", ">MNNNNNNNNNNNN"),
    # monthly returns
    "returns": (">>>F>FFFFF>F>F", ">>>F>FFFFF>F>F"),
    "worklist": (">..F.FFFFF.F.F", ">..F.FFFFF.F.F"),
    "return_grid": (">..F.FFFFF.F.F", ">..F.FFFFF.F.F"),
    "return_grid_paste": (">..F.FFFFF.F.F", ">..F.FFFFF.F.F"),
    "return_grid_template": (">..F.FFFFF.F.F", ">MMFMFFFFFMFMF"),
    "returns_unchanged": (">>>F>FFFFF>F>F", ">>>F>FFFFF>F>F"),
    "return": (">..F.FFFNF.FNN", ">..F.FFFNF.FNN"),
    "return_review": (">MFFFFFFNFMFNN", ">.FFFFFFNF.FNN"),
    "return_versions": (">.......NF..NN", ">.......NF..NN"),
    # what is measured: by who manages the contract; readings and outcomes by its provider too
    "kpis": (">.......N...NN", ">.......N...NN"),
    "kpi": (">.......N...NN", ">.......N...NN"),
    "kpi_add": (">..F.FFFNF.FNN", ">..F.FFFNF.FNN"),
    "kpi_change": (">..F.FFFNF.FNN", ">..F.FFFNF.FNN"),
    "kpi_move": (">MMFMFFFNFMFNN", ">>>F>FFFNF>FNN"),
    "kpi_target": (">..F.FFFNF.FNN", ">..F.FFFNF.FNN"),
    "kpi_close": (">..F.FFFNF.FNN", ">..F.FFFNF.FNN"),
    "kpi_reopen": (">MMFMFFFNFMFNN", ">>>F>FFFNF>FNN"),
    "kpi_readings": (">..F.FFFN..FNN", ">>>F>FFFN>>FNN"),
    "outcomes": (">.......N...NN", ">.......N...NN"),
    "outcome_add": (">..F.FFFN..FNN", ">..F.FFFN..FNN"),
    "outcome_change": (">..F.FFFN..FNN", ">..F.FFFN..FNN"),
    "outcome_decide": (">..F.FFFNF.FNN", ">..F.FFFNF.FNN"),
    # what stands behind a grade; the supplier's own contact has a view too, and an empty post says for no side
    "grade_views": (">..F.FFFN..FNN", ">FFFFFFFNFFFNN"),
    "scorecard": (">..F.FFFNF.FNN", ">..F.FFFNF.FNN"),
    "statutory_rating": (">..F.FFFNF.FNN", ">..F.FFFNF.FNN"),
    # the monthly review of a unit
    "month_reviews": (">>FFFFFFFF>F>F", ">>FFFFFFFF>F>F"),
    "month_review": (">.FFFFFFNN.FNN", ">>FFFFFFNN>FNN"),
    "review_view_add": (">.FFFFFFNN.FNN", ">.FFFFFFNN.FNN"),
    "month_agenda": (">.FFFFFFNN.FNN", ">.FFFFFFNN.FNN"),
    "month_minutes": (">.FFFFFFNN.FNN", ">.FFFFFFNN.FNN"),
    "month_close": (">.FFFFFFNN.FNN", ">.FFFFFFNN.FNN"),
    "month_meeting": (">.FFFFFFNN.FNN", ">.FFFFFFNN.FNN"),
    "review_action_add": (">.FFFFFFNN.FNN", ">.FFFFFFNN.FNN"),
    "review_action_done": (">MFFFFFFNNMFNN", ">>FFFFFFNN>FNN"),
    "review_rules": (">.FFFFFFNNFFNN", ">.FFFFFFNNFFNN"),
    "calibration": (">.FFFFFFNN.FNN", ">.FFFFFFNN.FNN"),
    "calibration_export": (">.FFFFFFNN.FNN", ">.FFFFFFNN.FNN"),
    # service reviews: for who takes part in the unit's work, changed by who changes its contracts
    "service_reviews": (">.......FF...F", ">.......FF...F"),
    "service_reviews_export": (">.....F.FF.F.F", ">.....F.FF.F.F"),
    "service_review": (">.......NN..NN", ">.......NN..NN"),
    "service_review_add": (">.FFFFFFFF.F.F", ">.FFFFFFFF.F.F"),
    "service_review_change": (">.FFFFFFNN.FNN", ">.FFFFFFNN.FNN"),
    "service_review_decide": (">.FFFFFFNN.FNN", ">.FFFFFFNN.FNN"),
    "service_review_reopen": (">.FFFFFFNN.FNN", ">.FFFFFFNN.FNN"),
    "review_element": (">.FFFFFFNN.FNN", ">.FFFFFFNN.FNN"),
    "review_option_add": (">.FFFFFFNN.FNN", ">.FFFFFFNN.FNN"),
    "review_option_change": (">.FFFFFFNN.FNN", ">.FFFFFFNN.FNN"),
    "review_option_remove": (">.FFFFFFNN.FNN", ">>FFFFFFNN>FNN"),
    "review_document_add": (">.FFFFFFNN.FNN", ">.FFFFFFNN.FNN"),
    # providers of contracts in sight, also for their own contact; the monthly report for who takes part in the unit
    "providers": (">.......F....F", ">.......F....F"),
    "providers_export": (">.....F.FF.F.F", ">.....F.FF.F.F"),
    "provider": (">.......N...NN", ">.......N...NN"),
    "monthly_reports": (">>>>>>>>FF>>>F", ">>>>>>>>FF>>>F"),
    "monthly_report": (">.......NN..NN", ">.......NN..NN"),
    "monthly_report_export": (">.....F.NN.FNN", ">.....F.NN.FNN"),
    # documents: of a contract added by its own people, removed by who changes contracts; this one is not shared
    "contract_document_add": (">..F.FFFNF.FNN", ">..F.FFFNF.FNN"),
    "document": (">.......NN..NN", ">.......NN..NN"),
    "document_remove": (">.FFFFFFNF.FNN", ">.FFFFFFNF.FNN"),
    # units and partners
    "units": (">.......F....F", ">.......F....F"),
    "unit_choose": (">MMMMMMMFMMMMF", ">>>>>>>>F>>>>F"),
    "partners": (">.......NN..NN", ">.......NN..NN"),
    "partner_find": (">.FFFFFFNNFFNN", ">.FFFFFFNNFFNN"),
    "partner_add": (">.FFFFFFNNFFNN", ">.FFFFFFNNFFNN"),
    "partner_level": (">.FFFFFFNNFFNN", ">.FFFFFFNNFFNN"),
    "partner_leave": (">.FFFFFFNNFFNN", ">.FFFFFFNNFFNN"),
    # people of one's own organisation
    "people": (">FFFFFFF.FFFFF", ">FFFFFFF.FFFFF"),
    "person_add": (">FFFFFFF.FFFFF", ">FFFFFFF.FFFFF"),
    "person": (">NNNNNNN.NNNNN", ">NNNNNNN.NNNNN"),
    "person_invite": (">NNNNNNNMNNNNN", ">NNNNNNN>NNNNN"),
    "person_leave": (">NNNNNNN.NNNNN", ">NNNNNNN.NNNNN"),
    "person_stand_in": (">NNNNNNN.NNNNN", ">NNNNNNN.NNNNN"),
    "stand_ins": (">..F.FFFFF.F.F", ">..F.FFFFF.F.F"),
    # those of either side, and their administrator
    "stand_in_end": (">NMNMNNNMNNNNN", ">N>N>NNN>NNNNN"),
    "role_end": (">NNNNNNN.NNNNN", ">NNNNNNN.NNNNN"),
}


def test_the_table_holds_every_view_and_no_other():
    assert set(MATRIX) == names()
    assert {len(row) for rows in MATRIX.values() for row in rows} == {len(WHO)}


@pytest.mark.parametrize("method", ["get", "post"])
def test_every_role_gets_what_the_table_says(places, method):
    browsers = {who: places.world.browser(who) for who in WHO}
    signing_out_last = sorted(MATRIX, key=lambda name: name == "account_logout")
    found = {name: answers(browsers, method, places.address(name)) for name in signing_out_last}
    wrong = {
        (name, who): (found[name][who], STATUS[rows[method == "post"][place]])
        for name, rows in MATRIX.items()
        for place, who in enumerate(WHO)
        if found[name][who] != STATUS[rows[method == "post"][place]]
    }
    assert wrong == {}


def answers(browsers, method, address):
    return {who: send(browser, method, address).status_code for who, browser in browsers.items()}
