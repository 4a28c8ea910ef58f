"""Cleaning a corpus: every pair scored and decided on, with a reason for each that goes."""
