"""Many mentors at once, from a pasted list or a table: what is typed (`pasted`, `columns`), what a cell may say
(`cells`), what each line would do (`planning`), doing it (`inviting`), and a file to fill in (`template`).
"""
