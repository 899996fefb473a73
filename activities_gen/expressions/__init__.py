"""The ADF expression language: built, parsed, evaluated, checked."""
