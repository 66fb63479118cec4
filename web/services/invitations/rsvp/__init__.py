"""Who comes: answers to invitations, how many to expect, and how it was."""
