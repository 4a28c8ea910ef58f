"""Splits into train, dev and test without leakage: what resembles each other stays together."""

from posteditor.cleaning.splitting.assigning import SPLIT_SETTINGS, SplitAssigner, SplitReport

__all__ = ["SPLIT_SETTINGS", "SplitAssigner", "SplitReport"]
