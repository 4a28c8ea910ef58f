"""Test sets as others publish them, read as segments; ``opening.open_test_sets`` is the way in."""
