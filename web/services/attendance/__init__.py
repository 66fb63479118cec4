"""Who was there: marks that are made of a date, what they say together, and the sheet of an organiser."""
