"""Outliving a disaster: keys that change, backups, and what has to happen when one is put back."""
