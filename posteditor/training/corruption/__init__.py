"""Faults put into clean text, as machine translation makes them: round trips through an engine, and rules."""
