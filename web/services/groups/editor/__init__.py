"""The groups editor: what is on the board, what a change does, and every change by hand as one more step."""
