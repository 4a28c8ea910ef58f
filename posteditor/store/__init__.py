"""The project file: one SQLite database with its migrations and journal of revisions. The only SQL."""
