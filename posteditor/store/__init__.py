"""The project file: one SQLite database with every segment, every draft and the history of all work on them.

The only SQL of the program lives here. Everything above works with ``Project`` and gets core types back.
"""
