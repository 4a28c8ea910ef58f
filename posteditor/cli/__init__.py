"""One thin module per group of commands. The only printing."""
