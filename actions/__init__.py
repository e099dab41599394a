"""What the assistant does: one action a file. No SQL here; answers come from `knowledge`."""
