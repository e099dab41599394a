"""What every request passes through, outermost first: request log, security headers, origin check, body limit."""
