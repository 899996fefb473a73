"""The command line: one module per verb, each a thin call into one room.

A verb's module is imported when the verb is used, so that no verb pays for another's imports. It has

* ``SUMMARY``, one line for the overview,
* ``configure(parser)``, which adds the verb's arguments,
* ``run(arguments)``, which does the work and returns the exit status.

Exit status: 0 all well, 1 findings of severity error (or the run failed), 2 wrong usage.
"""
