"""Privacy: erasing, taking along, keeping no longer than needed, and who met whom before."""
