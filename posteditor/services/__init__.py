"""One use case each. No user interface, no SQL text."""
