"""Letters that nobody's act asks for: reminders, thanks, the morning letter to staff."""
