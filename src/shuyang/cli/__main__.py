import sys

from shuyang.cli.main import main

sys.exit(main())
