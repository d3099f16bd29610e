"""What the document cannot say, so that Schemathesis takes a right answer for a wrong one.

`positive_data_acceptance` holds that a request which is valid by the document is accepted. Some are refused for what
they refer to, and not for their form; each of these problems says so by its code. Everything else goes to the check.
"""

import schemathesis
from schemathesis.specs.openapi.checks import positive_data_acceptance

REFUSED_FOR_WHAT_THE_SERVER_KNOWS = {
    # The review is one that the fuzzer deleted before.
    "review_deleted",
    # `If-Match` names another version than the current one.
    "version_mismatch",
    # No schema tells a cursor or a token that was given out from text that looks like one.
    "invalid_cursor",
    "invalid_consistency_token",
    # The key came with another body before.
    "idempotency_key_reused",
    # Every field is within its length, and all of them together are not, once each character is written as an escape.
    "body_too_large",
}

# Rules over more than one value, or over whose review it is: `from` is not after `to` and at most 366 days before
# it, in years that every part can store; a moderator gives a reason for deleting the review of another.
RULES_BEYOND_THE_SCHEMA = {
    ("query", "/from", "range"),
    ("query", "/from", "format"),
    ("query", "/to", "format"),
    ("query", "/reason", "required"),
}


@schemathesis.check
def valid_data_is_accepted(ctx, response, case):
    problem = problem_of(response)
    if problem.get("code") in REFUSED_FOR_WHAT_THE_SERVER_KNOWS:
        return None
    errors = {(error["in"], error["pointer"], error["code"]) for error in problem.get("errors", [])}
    if errors and errors <= RULES_BEYOND_THE_SCHEMA:
        return None
    return positive_data_acceptance(ctx, response, case)


def problem_of(response):
    is_problem = response.headers.get("content-type", [""])[0].startswith("application/problem+json")
    return response.json() if is_problem else {}
