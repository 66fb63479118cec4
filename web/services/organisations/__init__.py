"""Organisations: their staff, passwords, projects, facilitators and venues."""
