"""Rules that score pairs, and a pipeline that decides; both streaming."""
