"""Statistical post-editing, the yardstick: corrections counted in pairs, weighed by an n-gram language model."""
