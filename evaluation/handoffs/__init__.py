"""What `make verify-handoffs` is made of: visitors who try again, processes that are killed, receivers, and the checks at the end."""
