"""Imports of a library that are put off until they are needed."""

from __future__ import annotations

import subprocess
import sys


def test_what_a_library_imports_and_hardly_needs_is_put_off_until_it_is_used(tmp_path):
    module = tmp_path / "library" / "seldom_used.py"
    module.parent.mkdir()
    module.with_name("__init__.py").touch()
    module.write_text("from pathlib import Path\nPath(__file__).with_name('ran').touch()\nNUMBER = 7\n")
    code = (
        "import sys; from pathlib import Path; sys.path.insert(0, sys.argv[1])\n"
        "from pipeline.quality.later import later\n"
        "later('library.seldom_used', 'library.not_there')\n"
        "from library import seldom_used\n"
        "assert not Path(sys.argv[1], 'library', 'ran').exists()\n"
        "assert seldom_used.NUMBER == 7\n"
        "assert Path(sys.argv[1], 'library', 'ran').exists()\n"
    )
    subprocess.run([sys.executable, "-c", code, str(tmp_path)], check=True, timeout=60)


def test_the_gates_import_no_statistics_and_a_module_that_is_there_stays_the_same():
    code = (
        "import sys\n"
        "from pipeline.quality.later import later\n"
        "import json.decoder as before\n"
        "later('json.decoder')\n"
        "assert sys.modules['json.decoder'] is before\n"
        "from pipeline.quality.engine import engine\n"
        "engine()\n"
        "assert 'scipy.stats._stats_py' not in sys.modules\n"
        "from scipy import stats\n"
        "assert stats.norm.cdf(0) == 0.5\n"
    )
    subprocess.run([sys.executable, "-c", code], check=True, timeout=60)
