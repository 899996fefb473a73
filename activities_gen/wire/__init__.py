"""The waist of the house: the ADF JSON document, what becomes one and what one becomes."""
