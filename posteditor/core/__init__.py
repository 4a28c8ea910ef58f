"""Segments, suggestions, edits, scores and the word diff. Standard library only; no input, no output."""
