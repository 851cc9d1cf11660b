"""Files that come in: checked by content, kept as evidence, read as tables."""
