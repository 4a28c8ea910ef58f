"""Files to streams of segments and back, one module per format; round trips keep what they don't understand."""
