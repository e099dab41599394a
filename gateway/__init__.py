"""The public face: chat API, pages and widget. The only process that visitors reach."""
