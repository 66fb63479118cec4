"""The web application: sign-up, desk, groups editor, lists; see docs/web.md."""
