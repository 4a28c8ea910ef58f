"""The editor in the terminal. Widgets know nothing of services."""
