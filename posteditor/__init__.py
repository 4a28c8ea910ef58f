"""posteditor: machine-translation post-editing in the terminal. Imports nothing, so that every sub-package is cheap to reach."""

__version__ = "0.1.0"
