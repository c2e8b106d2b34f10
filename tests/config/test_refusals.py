from config.logs import refusal_in_one_line


def test_a_refusal_is_one_line_and_a_fault_keeps_its_trace():
    refused = {"level": "warning", "event": "Forbidden: /audit/", "exc_info": True}
    assert refusal_in_one_line(None, "", refused) == {"level": "warning", "event": "Forbidden: /audit/"}
    fault = {"level": "error", "event": "Internal Server Error: /", "exc_info": True}
    assert refusal_in_one_line(None, "", dict(fault)) == fault
