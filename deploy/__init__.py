"""What starts the processes."""
