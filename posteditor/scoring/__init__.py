"""sacrebleu's metrics from per-segment statistics, and the error rates of edits."""
