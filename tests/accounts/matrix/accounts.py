"""Sign-in, own account, users. `{other}` is another user, `{self}` the caller."""

from tests.accounts.matrix.expectations import (
    Case,
    Table,
    admins,
    anonymous_only,
    any_scope,
    same_for_all,
    signed_in,
)

TABLE: Table = {
    ("accounts.me", "GET"): (Case("/api/v1/me", any_scope()),),
    # Sign-in and sign-out.
    ("account.sign_in", "GET"): (Case("/en/sign-in", anonymous_only()),),
    ("account.sign_in_post", "POST"): (Case("/en/sign-in", same_for_all(422)),),
    ("account.sign_in_code", "GET"): (Case("/en/sign-in/code", same_for_all(303)),),
    ("account.sign_in_code_post", "POST"): (Case("/en/sign-in/code", same_for_all(303)),),
    # This bank has no base URL, so it has no passkeys.
    ("account.sign_in_options", "POST"): (Case("/en/sign-in/passkey.json", same_for_all(404)),),
    ("account.sign_in_code_options", "POST"): (Case("/en/sign-in/code/passkey.json", same_for_all(404)),),
    ("account.sign_out", "GET"): (Case("/en/sign-out", same_for_all(303)),),
    ("account.sign_out_post", "POST"): (Case("/en/sign-out", same_for_all(303)),),
    ("account.invitation", "GET"): (Case("/en/invitation/nothing", same_for_all(422)),),
    ("account.invitation_post", "POST"): (Case("/en/invitation/nothing", same_for_all(422)),),
    ("account.forgot_password", "GET"): (Case("/en/new-password", same_for_all()),),
    ("account.forgot_password_post", "POST"): (Case("/en/new-password", same_for_all()),),
    ("account.new_password", "GET"): (Case("/en/new-password/nothing", same_for_all(422)),),
    ("account.new_password_post", "POST"): (Case("/en/new-password/nothing", same_for_all(422)),),
    # Own account.
    ("account.overview", "GET"): (Case("/en/account", signed_in()),),
    ("account.overview_post", "POST"): (Case("/en/account", signed_in(422, 401)),),
    ("account.password", "GET"): (Case("/en/account/password", signed_in()),),
    ("account.password_post", "POST"): (Case("/en/account/password", signed_in(422, 401)),),
    ("account.second_factor", "GET"): (Case("/en/account/second-factor", signed_in()),),
    ("account.second_factor_post", "POST"): (
        Case("/en/account/second-factor", signed_in(422, 401), {"step": "drop"}),
    ),
    ("account.passkeys", "GET"): (Case("/en/account/passkeys", signed_in()),),
    ("account.passkeys_post", "POST"): (
        Case("/en/account/passkeys", signed_in(303, 401)),
        Case("/en/account/passkeys", signed_in(422, 401), {"remove": "1"}),
        Case("/en/account/passkeys", signed_in(404, 401), {"step": "start"}),
        Case("/en/account/passkeys", signed_in(404, 401), {"step": "add"}),
    ),
    ("account.sessions", "GET"): (Case("/en/account/sessions", signed_in()),),
    ("account.sessions_post", "POST"): (
        Case("/en/account/sessions", signed_in(303, 401)),
        Case("/en/account/sessions", signed_in(404, 401), {"session": "1"}),
    ),
    ("account.tokens", "GET"): (Case("/en/account/tokens", signed_in()),),
    ("account.tokens_post", "POST"): (
        Case("/en/account/tokens", signed_in(422, 401)),
        Case("/en/account/tokens", signed_in(404, 401), {"token": "1"}),
    ),
    # Users.
    ("account.users", "GET"): (Case("/en/users", admins()),),
    ("account.users_post", "POST"): (Case("/en/users", admins(422, 401)),),
    ("account.user", "GET"): (Case("/en/users/{other}", admins(303)),),
    ("account.user_post", "POST"): (
        Case("/en/users/{other}", admins(303, 401), {"do": "sign_out"}),
        Case("/en/users/{self}", admins(403, 401), {"do": "deactivate"}),
        Case("/en/users/{self}", admins(403, 401), {"do": "role", "role": "editor"}),
        Case("/en/users/999999", admins(404, 401), {"do": "deactivate"}),
        Case("/en/users/{self}", admins(403, 401), {"do": "erase", "confirm": "admin@example.az"}),
        Case("/en/users/{other}", admins(422, 401), {"do": "erase", "confirm": "nobody@example.az"}),
        Case("/en/users/999999", admins(404, 401), {"do": "erase"}),
        Case("/en/users/{other}", admins(303, 401), {"do": "addresses"}),
    ),
    ("account.events", "GET"): (Case("/en/users/audit", admins()),),
    ("account.events_post", "POST"): (
        Case("/en/users/audit", admins(303, 401), {"address": "203.0.113.99"}),
        Case("/en/users/audit", admins(422, 401), {"address": "nowhere"}),
    ),
}
