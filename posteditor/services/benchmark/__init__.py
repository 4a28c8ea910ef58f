"""Rewriters side by side on test sets: runs that can be stopped and compared, and what is reported of them."""
