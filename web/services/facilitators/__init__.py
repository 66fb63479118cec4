"""Facilitators: their links and PINs, the letters to them, the lists that they print."""
