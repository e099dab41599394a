"""What runs inside Rasa (Python 3.10): launcher, channel, tracker store, NLU components. Nothing else imports `rasa`."""
