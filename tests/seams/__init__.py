"""What other modules would add, each in one file: see `seams_common`."""
