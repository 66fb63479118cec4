"""Figures about people in which nobody can be found back."""
