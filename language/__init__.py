"""Pure text code that runs on both Pythons (3.10 inside Rasa, current ones elsewhere)."""
