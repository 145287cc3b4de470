"""Exports of applications as spreadsheets: what is asked (`asking`), made (`making`), and how it is written
(`columns`, `sheets`, and `documents.workbook`).
"""
