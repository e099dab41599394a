"""Question banks, and what measures the assistant with them. Results go to docs/results/."""
