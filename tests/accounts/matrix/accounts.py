"""Sign-in, own account, users. `{other}` is another user, `{self}` the caller."""

from tests.accounts.matrix.answers import (
    Case,
    Table,
    admins,
    any_token,
    everybody,
    known,
    strangers,
)

TABLE: Table = {
    ("accounts.me", "GET"): (Case("/api/v1/me", any_token()),),
    # Sign-in and sign-out.
    ("web.sign_in", "GET"): (Case("/en/sign-in", strangers()),),
    ("web.sign_in_send", "POST"): (Case("/en/sign-in", everybody(422)),),
    ("web.second_factor", "GET"): (Case("/en/sign-in/code", everybody(303)),),
    ("web.second_factor_send", "POST"): (Case("/en/sign-in/code", everybody(303)),),
    ("web.sign_out", "GET"): (Case("/en/sign-out", everybody(303)),),
    ("web.sign_out_send", "POST"): (Case("/en/sign-out", everybody(303)),),
    ("web.invitation", "GET"): (Case("/en/invitation/nothing", everybody(422)),),
    ("web.invitation_send", "POST"): (Case("/en/invitation/nothing", everybody(422)),),
    ("web.forgotten", "GET"): (Case("/en/new-password", everybody()),),
    ("web.forgotten_send", "POST"): (Case("/en/new-password", everybody()),),
    ("web.new_password", "GET"): (Case("/en/new-password/nothing", everybody(422)),),
    ("web.new_password_send", "POST"): (Case("/en/new-password/nothing", everybody(422)),),
    # Own account.
    ("web.account", "GET"): (Case("/en/account", known()),),
    ("web.account_send", "POST"): (Case("/en/account", known(422, 401)),),
    ("web.account_password", "GET"): (Case("/en/account/password", known()),),
    ("web.account_password_send", "POST"): (Case("/en/account/password", known(422, 401)),),
    ("web.account_second_factor", "GET"): (Case("/en/account/second-factor", known()),),
    ("web.account_second_factor_send", "POST"): (
        Case("/en/account/second-factor", known(422, 401), {"step": "drop"}),
    ),
    ("web.account_sessions", "GET"): (Case("/en/account/sessions", known()),),
    ("web.account_sessions_send", "POST"): (
        Case("/en/account/sessions", known(303, 401)),
        Case("/en/account/sessions", known(404, 401), {"session": "1"}),
    ),
    ("web.account_tokens", "GET"): (Case("/en/account/tokens", known()),),
    ("web.account_tokens_send", "POST"): (
        Case("/en/account/tokens", known(422, 401)),
        Case("/en/account/tokens", known(404, 401), {"token": "1"}),
    ),
    # Users.
    ("web.users", "GET"): (Case("/en/users", admins()),),
    ("web.users_send", "POST"): (Case("/en/users", admins(422, 401)),),
    ("web.user", "GET"): (Case("/en/users/{other}", admins(303)),),
    ("web.user_send", "POST"): (
        Case("/en/users/{other}", admins(303, 401), {"do": "sign_out"}),
        Case("/en/users/{self}", admins(403, 401), {"do": "deactivate"}),
        Case("/en/users/{self}", admins(403, 401), {"do": "role", "role": "editor"}),
        Case("/en/users/999999", admins(404, 401), {"do": "deactivate"}),
    ),
    ("web.account_events", "GET"): (Case("/en/users/audit", admins()),),
}
