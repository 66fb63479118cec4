"""What the product does, as verbs: each service gets the database, the clock and the rest of the world as arguments."""
