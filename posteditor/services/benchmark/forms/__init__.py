"""The report of a benchmark in other forms: tables for papers and spreadsheets, a page, plots in a terminal."""
