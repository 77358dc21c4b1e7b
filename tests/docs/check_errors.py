#!/usr/bin/env python3
"""docs/errors.md has one row for each ErrorKind and each Delivery, and no other."""

from words import Report, enumerators, read, rows, section

document = read("docs/errors.md")
report = Report("check_errors")
for title, name in (("Kinds", "ErrorKind"), ("Delivery", "Delivery")):
    table = rows(section(document, title))
    report.same(name, enumerators("error.hpp", name), table)
    report.filled(name, table)
report.end()
