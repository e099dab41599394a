"""What developers run beside the program: it installs, measures and checks."""
