"""The HTTP surface, one file per subject."""
