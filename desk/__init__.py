"""Handoffs and the people who take them: queue, staff accounts, access, audit, delivery."""
