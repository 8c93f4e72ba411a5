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
    ("web.sign_in", "GET"): (Case("/en/sign-in", anonymous_only()),),
    ("web.sign_in_post", "POST"): (Case("/en/sign-in", same_for_all(422)),),
    ("web.second_factor", "GET"): (Case("/en/sign-in/code", same_for_all(303)),),
    ("web.second_factor_post", "POST"): (Case("/en/sign-in/code", same_for_all(303)),),
    ("web.sign_out", "GET"): (Case("/en/sign-out", same_for_all(303)),),
    ("web.sign_out_post", "POST"): (Case("/en/sign-out", same_for_all(303)),),
    ("web.invitation", "GET"): (Case("/en/invitation/nothing", same_for_all(422)),),
    ("web.invitation_post", "POST"): (Case("/en/invitation/nothing", same_for_all(422)),),
    ("web.forgot_password", "GET"): (Case("/en/new-password", same_for_all()),),
    ("web.forgot_password_post", "POST"): (Case("/en/new-password", same_for_all()),),
    ("web.new_password", "GET"): (Case("/en/new-password/nothing", same_for_all(422)),),
    ("web.new_password_post", "POST"): (Case("/en/new-password/nothing", same_for_all(422)),),
    # Own account.
    ("web.account", "GET"): (Case("/en/account", signed_in()),),
    ("web.account_post", "POST"): (Case("/en/account", signed_in(422, 401)),),
    ("web.account_password", "GET"): (Case("/en/account/password", signed_in()),),
    ("web.account_password_post", "POST"): (Case("/en/account/password", signed_in(422, 401)),),
    ("web.account_second_factor", "GET"): (Case("/en/account/second-factor", signed_in()),),
    ("web.account_second_factor_post", "POST"): (
        Case("/en/account/second-factor", signed_in(422, 401), {"step": "drop"}),
    ),
    ("web.account_sessions", "GET"): (Case("/en/account/sessions", signed_in()),),
    ("web.account_sessions_post", "POST"): (
        Case("/en/account/sessions", signed_in(303, 401)),
        Case("/en/account/sessions", signed_in(404, 401), {"session": "1"}),
    ),
    ("web.account_tokens", "GET"): (Case("/en/account/tokens", signed_in()),),
    ("web.account_tokens_post", "POST"): (
        Case("/en/account/tokens", signed_in(422, 401)),
        Case("/en/account/tokens", signed_in(404, 401), {"token": "1"}),
    ),
    # Users.
    ("web.users", "GET"): (Case("/en/users", admins()),),
    ("web.users_post", "POST"): (Case("/en/users", admins(422, 401)),),
    ("web.user", "GET"): (Case("/en/users/{other}", admins(303)),),
    ("web.user_post", "POST"): (
        Case("/en/users/{other}", admins(303, 401), {"do": "sign_out"}),
        Case("/en/users/{self}", admins(403, 401), {"do": "deactivate"}),
        Case("/en/users/{self}", admins(403, 401), {"do": "role", "role": "editor"}),
        Case("/en/users/999999", admins(404, 401), {"do": "deactivate"}),
    ),
    ("web.account_events", "GET"): (Case("/en/users/audit", admins()),),
}
