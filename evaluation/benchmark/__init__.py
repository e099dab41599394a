"""Measures the assistant beside a stock Rasa assistant and plain word search, on the same knowledge and machine."""
