"""The pages that people open: demonstration, questions and answers, and the snippet builder."""
