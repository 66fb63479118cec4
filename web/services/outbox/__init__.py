"""Letters that are due: written down with the change that causes them, packed, handed over, tried again."""
