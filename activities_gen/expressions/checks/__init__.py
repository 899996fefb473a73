"""Static checks: what is wrong with an expression, found without running it.

========  ==============================================================================
code      finding
========  ==============================================================================
ADF401    the string is no correct expression
ADF402    a function that Data Factory does not have
ADF403    a wrong number of arguments
ADF404    an argument that can never fit
ADF405    a date format that means something else
ADF406    a blank before ``@`` makes the expression a text
ADF407    a function of mapping data flows
ADF408    quotes that are not straight single quotes
ADF409    an array or object literal
ADF410    a function without parentheses
ADF411    a property name that needs brackets and quotes
ADF412    ``@`` inside an expression
ADF413    an operator
ADF414    more than 8,192 characters
ADF415    something behind an expression that is the whole string
ADF416    ``@{`` without ``}``, or nothing between them
ADF417    an expression inside a string or a text, which nobody evaluates
ADF418    an ``Expression`` object whose text is no expression
ADF420    a parameter that is not declared
ADF421    a global parameter that is not declared
ADF422    a variable that is not declared
ADF424    ``item()`` if there is no item
ADF425    a function that belongs to another kind of definition
ADF426    a system variable that does not exist
ADF427    a system variable that needs ``?.``
ADF428    a name in another letter case
========  ==============================================================================
"""
