"""What does not keep the rules of the house: nothing. The list only shrinks."""

EXCEPTIONS = {}
