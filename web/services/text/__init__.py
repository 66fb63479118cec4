"""Names, addresses, codes and times as text."""
