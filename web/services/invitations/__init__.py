"""Invitations: held against the plan, answered, followed in a calendar."""
