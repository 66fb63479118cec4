"""The web face of the project: pages, services and letters arrive here with a later step."""
