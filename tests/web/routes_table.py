"""Every route: who gets what, and what stands in the audit log afterwards.

A row is: endpoint, method, who (a line of WHO), what those who get in are answered, and the kinds of lines in the log.
A kind in brackets needs a form that is filled in right, which the tests of that page do; '-' is a route that shows or
changes nothing of residents.
"""

from __future__ import annotations

from dataclasses import dataclass

WHO = {
    # visitor, resident, neighbour, leader, other leader | organiser, second project, coordinator, admin, second admin,
    # foreign organiser, foreign admin
    "everybody": "ok ok ok ok ok  ok ok ok ok ok ok ok",
    "link": "404 ok ok 404 404  404 404 404 404 404 404 404",
    "our link": "404 ok 404 404 404  404 404 404 404 404 404 404",
    "pin": "no no no ok no  no no no no no no no",
    "project": "in in in in in  ok 404 403 ok ok 404 404",
    "team": "in in in in in  ok 404 ok ok ok 404 404",
    "house": "in in in in in  ok 403 ok ok ok 404 404",
    "work": "in in in in in  ok ok 403 ok ok ok ok",
    "staff": "in in in in in  ok ok ok ok ok ok ok",
    "bosses": "in in in in in  403 403 403 ok ok 403 ok",
    "boss": "in in in in in  403 403 403 ok ok 403 404",
    "demo": "in in in in in  404 404 403 404 404 404 404",
    "nobody": "in in in in in  403 403 403 404 404 403 404",
    "account": "in in in in in  own own own own own own own",
    "way in": "own own own own own  own own own own own own own",
}
"""What each role is answered. 'ok': as the row says. 'in': to the log-in, or 401 with what was typed. 'no': to the PIN.
'own': nothing here is of anybody else, and what it is depends on how long ago somebody signed in."""

ROWS = """
account.end                     POST account    200  (logged_out)
account.end_others              POST account    200  (logged_out)
account.own                     GET  account    200  -
admin.account                   GET  boss       200  -
admin.account                   POST boss       302  account_changed
admin.add                       GET  bosses     200  -
admin.add                       POST bosses     200  (account_added)
admin.add_project               GET  bosses     200  -
admin.add_project               POST bosses     200  (project_added)
admin.clock_is_right            POST bosses     302  (clock_confirmed)
admin.codes                     POST boss       302  account_codes
admin.home                      GET  bosses     200  -
admin.log                       GET  bosses     200  -
admin.log_csv                   GET  bosses     200  log_exported
admin.mail                      GET  bosses     200  -
admin.off                       POST boss       302  account_off
admin.on                        POST boss       302  account_on
admin.password                  POST boss       200  account_password
admin.privacy                   GET  bosses     200  -
admin.privacy                   POST bosses     302  -
admin.project                   GET  boss       200  -
admin.project                   POST boss       302  (project_changed)
admin.projects                  GET  bosses     200  -
admin.put_away                  POST nobody     302  (erase_stray)
admin.retention                 GET  bosses     200  -
admin.style                     GET  bosses     200  -
admin.style                     POST bosses     302  (style_changed)
admin.test_inbox                POST bosses     302  test_inbox
admin.test_mail                 POST bosses     302  test_mail
facilitator.done                POST pin        404  (wrote_attendance)
facilitator.evening             GET  pin        200  list_seen
facilitator.enter               POST everybody  422  (door_entered)
facilitator.follow              POST everybody  302  feed_made
facilitator.leave               POST everybody  302  -
facilitator.own                 GET  everybody  200  list_seen
facilitator.tap                 POST pin        302  (wrote_attendance)
facilitator.taps                POST pin        422  (wrote_attendance)
facilitator.take                GET  pin        200  list_pdf
health.alive                    GET  everybody  200  -
health.metrics                  GET  everybody  404  -
health.ready                    GET  everybody  503  -
organiser.answer_buddy          POST project    404  (change_signup)
organiser.answer_for            POST project    302  answer_for_somebody
organiser.answer_offer          POST project    302  -
organiser.answer_reply          POST project    302  answer_reply
organiser.arrived               POST project    302  (arrived)
organiser.ask_proposal          POST project    302  propose
organiser.attendance            GET  project    200  -
organiser.call                  POST work       404  (reached)
organiser.call_off              GET  project    200  read_signups
organiser.call_off              POST project    409  (call_off_session)
organiser.called_leader         POST project    404  (called_leader)
organiser.calls                 GET  work       200  -
organiser.change_table          POST project    302  lead
organiser.choose                GET  project    200  view_board
organiser.close_link            POST project    302  door_closed
organiser.compare               GET  project    302  (view_board)
organiser.contacts              GET  work       200  read_contacts
organiser.contacts              POST work       422  (add_contact)
organiser.copy                  GET  project    200  -
organiser.copy                  POST project    422  (copy_series)
organiser.desk                  GET  project    200  -
organiser.desk_save             POST project    422  (add_signup)
organiser.drop_session          GET  project    200  read_signups
organiser.drop_session          POST project    409  (read_signups)
organiser.edit                  GET  project    200  -
organiser.edit                  POST project    422  (change_series)
organiser.edit_signup           GET  project    200  read_signup
organiser.edit_signup           POST project    422  read_signup
organiser.facilitator           GET  house      200  read_facilitator
organiser.facilitator           POST house      422  read_facilitator
organiser.facilitator_calendar  GET  house      200  read_facilitator
organiser.facilitator_calendar  POST house      302  feed_made
organiser.facilitators          GET  staff      200  read_facilitators
organiser.figures               GET  project    200  -
organiser.finish                GET  project    302  -
organiser.finish                POST project    302  (finished_series)
organiser.home                  GET  staff      200  -
organiser.import_add            POST project    303  (import)
organiser.import_blank          GET  project    200  -
organiser.import_form           GET  project    200  -
organiser.import_mend           POST project    410  -
organiser.import_preview        POST project    400  (import_preview)
organiser.import_progress       GET  project    410  -
organiser.import_undo           POST project    302  (import_undo)
organiser.keep_apart            POST project    302  (change_signup)
organiser.keep_last             POST project    409  (keep_last_signup)
organiser.keep_seat             POST project    302  seat_stays
organiser.let_be                POST project    404  (change_signup)
organiser.letters               GET  work       200  -
organiser.letters_file          POST work       404  (print_letters)
organiser.letters_posted        POST work       404  (letters_sent)
organiser.lock_person           POST project    302  lock
organiser.messages              GET  project    200  read_messages
organiser.misfits               GET  project    200  read_signups
organiser.morning               GET  work       200  -
organiser.morning               POST work       302  -
organiser.move_person           POST project    302  move
organiser.move_session          GET  project    200  -
organiser.move_session          POST project    422  (move_session)
organiser.new                   GET  work       200  -
organiser.new                   POST work       422  (create_series)
organiser.new_facilitator       GET  staff      200  -
organiser.new_facilitator       POST staff      422  (save_facilitator)
organiser.new_link              POST project    302  door_renewed
organiser.new_session           GET  project    200  -
organiser.new_session           POST project    422  (add_session)
organiser.new_venue             GET  staff      200  -
organiser.new_venue             POST staff      422  (save_venue)
organiser.not_arrived           POST project    302  -
organiser.open_plan             POST project    302  (reopen_plan)
organiser.other_seat            POST project    302  (release_seat)
organiser.paper_form            GET  project    200  -
organiser.pictures              GET  project    200  view_board
organiser.plan                  GET  project    200  view_board
organiser.plan_file             GET  project    200  export_plan
organiser.poster                GET  team       200  -
organiser.progress              GET  project    200  -
organiser.proposal              GET  project    200  view_board
organiser.proposals_of_series   GET  project    200  -
organiser.publish               POST project    409  (publish)
organiser.publish_page          GET  project    200  view_board
organiser.put_on_call_list      POST project    302  (to_call_list)
organiser.redo                  POST project    302  redo
organiser.release_seat          POST project    404  (release_seat)
organiser.replace_leader        POST project    404  (replace_leader)
organiser.replies               GET  work       200  read_replies
organiser.review                POST project    302  (review_series)
organiser.save_attendance       POST project    404  (wrote_attendance)
organiser.send_again            POST project    302  (send_again)
organiser.sent                  GET  demo       200  -
organiser.sent_html             GET  demo       200  -
organiser.sent_one              GET  demo       200  -
organiser.series                GET  team       200  -
organiser.session               GET  project    200  -
organiser.session               POST project    422  (change_session)
organiser.sign_off              POST project    302  leave_signup
organiser.sign_on_again         POST project    302  return_signup
organiser.signup                GET  project    200  read_signup
organiser.signup_file           GET  project    200  export_signups
organiser.signups               GET  project    200  read_signups
organiser.signups               POST project    200  read_signups
organiser.solve_again           POST project    302  propose
organiser.state                 POST project    302  -
organiser.stop_proposal         POST project    302  -
organiser.turnout               GET  project    200  read_turnout
organiser.undo                  POST project    302  undo
organiser.venue                 GET  house      200  -
organiser.venue                 POST house      302  save_venue
organiser.venues                GET  staff      200  -
public.accessibility            GET  everybody  200  -
public.feed                     GET  our_link   200  -
public.home                     GET  everybody  200  -
public.house_colour             GET  everybody  404  -
public.house_logo               GET  everybody  404  -
public.house_picture            GET  everybody  404  -
public.how                      GET  everybody  200  -
public.privacy                  GET  everybody  200  -
public.privacy_of               GET  everybody  200  -
resident.all_dates_file         GET  our_link   200  -
resident.begin                  GET  everybody  302  -
resident.card                   GET  everybody  200  -
resident.change                 GET  link       200  -
resident.change                 POST link       422  (consent_given)
resident.come_back              POST link       302  -
resident.come_to_all            POST link       302  -
resident.data                   GET  link       200  -
resident.data_file              GET  link       200  -
resident.erase                  GET  link       200  -
resident.erase                  POST link       302  erase_signup
resident.erased                 GET  everybody  200  -
resident.finished               GET  link       200  -
resident.follow                 POST link       302  -
resident.how_was_it             GET  our_link   404  -
resident.how_was_it             POST our_link   404  -
resident.invitation             GET  our_link   200  -
resident.invitation             POST our_link   422  -
resident.invitation_file        GET  our_link   200  -
resident.leave                  GET  link       200  -
resident.leave                  POST link       302  -
resident.link_sent              GET  everybody  200  -
resident.lost                   GET  everybody  200  -
resident.lost                   POST everybody  422  -
resident.no_reminders           GET  our_link   200  -
resident.no_reminders           POST our_link   200  -
resident.offer                  GET  our_link   200  -
resident.offer                  POST our_link   200  -
resident.only_this_link         POST link       302  -
resident.other_table            POST link       302  -
resident.own                    GET  link       200  -
resident.reminders              POST our_link   302  -
resident.screen                 GET  everybody  200  -
resident.screen                 POST everybody  422  -
resident.series                 GET  everybody  200  -
resident.thanks                 GET  everybody  200  -
resident.together               POST link       404  -
security.change_password        GET  account    200  -
security.change_password        POST account    200  (own_password)
security.login                  GET  way_in     200  -
security.login                  POST way_in     200  (logged_in)
security.logout                 POST way_in     302  (logged_out)
security.mf_recovery            GET  way_in     200  -
security.mf_recovery            POST way_in     200  (login_failed)
security.mf_recovery_codes      GET  account    200  -
security.mf_recovery_codes      POST account    200  (own_codes)
security.tf_select              GET  way_in     200  -
security.tf_select              POST way_in     200  -
security.two_factor_rescue      GET  way_in     200  -
security.two_factor_rescue      POST way_in     200  -
security.two_factor_setup       GET  way_in     200  -
security.two_factor_setup       POST way_in     200  (own_app)
security.two_factor_setup_validate POST way_in  200  -
security.two_factor_token_validation GET way_in 200  -
security.two_factor_token_validation POST way_in 200  -
security.verify                 GET  account    200  -
security.verify                 POST account    200  (login_failed)
security.wan_delete             GET  account    200  -
security.wan_delete             POST account    200  (own_passkey)
security.wan_register           GET  account    200  -
security.wan_register           POST account    200  -
security.wan_register_response  POST account    200  (own_passkey)
security.wan_signin             GET  way_in     200  -
security.wan_signin             POST way_in     200  -
security.wan_signin_response    POST way_in     200  (login_failed)
security.wan_verify             GET  account    200  -
security.wan_verify             POST account    200  -
security.wan_verify_response    POST account    200  -
static                          GET  everybody  200  -
"""


@dataclass(frozen=True)
class Row:
    """One route and method: what each role is answered, and the kinds of lines that it leaves for who may."""

    endpoint: str
    method: str
    answers: tuple[str, ...]
    kinds: tuple[str, ...]
    with_form: tuple[str, ...]


def rows() -> list[Row]:
    """All rows, in the order of the table."""
    return [_row(*line.split(maxsplit=4)) for line in ROWS.strip().splitlines()]


def _row(endpoint: str, method: str, who: str, code: str, log: str) -> Row:
    answers = tuple(code if one == "ok" else one for one in WHO[who.replace("_", " ")].split())
    words = [word for word in log.split() if word != "-"]
    plain = tuple(word for word in words if not word.startswith("("))
    return Row(endpoint, method, answers, plain, tuple(word.strip("()") for word in words if word.startswith("(")))
