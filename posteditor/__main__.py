"""``python -m posteditor`` is the command ``posteditor``."""

from posteditor.cli.main import run

if __name__ == "__main__":
    run()
