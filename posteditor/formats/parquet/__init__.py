"""Parquet tables, plain ones and those of Hugging Face data sets."""
