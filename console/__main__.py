"""python -m console is the mta command."""

import sys

from console.main import main

sys.exit(main())
