"""TOML as people write it: what a table may hold, and every fault with its line."""
