"""posteditor: machine-translation post-editing in the terminal. Imports nothing: each sub-package stays cheap."""

__version__ = "0.1.0"
