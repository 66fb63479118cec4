"""Groups: proposals, the editor, publishing, places that came free."""
