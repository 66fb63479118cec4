"""What operators see: whether the process lives, whether all of it works, and numbers for Prometheus."""

from web.health.routes import blueprint

__all__ = ["blueprint"]
