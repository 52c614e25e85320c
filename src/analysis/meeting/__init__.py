"""What a district's representative brings to the monthly meeting: what is new, and what to answer.

`figures` are a month of a district, `words` and `tables` its card and the mail it goes out with.
"""
