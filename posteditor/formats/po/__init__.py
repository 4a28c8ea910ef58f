"""PO, the translation catalogues of GNU gettext."""
