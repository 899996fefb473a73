"""``python -m activities_gen``."""

import sys

from activities_gen.cli import main

if __name__ == "__main__":
    sys.exit(main())
