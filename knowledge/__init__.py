"""Approved answers, and how one is found."""
