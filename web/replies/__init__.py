"""What comes back by mail: answers of calendar programs, bounces, and words for a person; no web, no database."""

from web.replies.judging import judge
from web.replies.verdict import InvitationRegister, Invited, MailLimits, Verdict

__all__ = ["InvitationRegister", "Invited", "MailLimits", "Verdict", "judge"]
