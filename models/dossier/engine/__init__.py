"""What makes a dossier a thing of its own: its archive, its sums, its published form.

Pure: no database, no clock, nothing that Python itself does not have. The command that
checks a dossier elsewhere reads these files by their path.
"""
