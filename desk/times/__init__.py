"""Reads preferred times from free words: "Tuesday after 3", "mornings", "any weekday before noon".

`words` cleans, `days` and `windows` find days and times of day and leave marks in their place, `reading` puts the marks together
and holds the result against the opening hours. A text of which a single word is left over is not understood for sure, and is kept
as it was said: a wrong reading would be worse than none.
"""

from desk.times.reading import PreferredTimes, read_times

__all__ = ["PreferredTimes", "read_times"]
