"""A file from a stranger: opened, not sniffed, made harmless, kept out of reach.

A plain package without models, that knows no app. What runs inside the sandbox (`sandbox`, `inside` and all that it
calls) imports no Django: it starts in a third of a second, and has no setting and no secret to give away.
"""
