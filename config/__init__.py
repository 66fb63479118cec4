"""Settings of an organisation and its recipes for meetings, as TOML files a person can read."""
