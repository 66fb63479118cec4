"""Plans: the problem that a series poses, the plan that counts, and what people see of it."""
