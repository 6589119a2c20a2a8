"""The process is killed at random moments: nothing acknowledged is lost, nothing is doubled."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]


def test_kill_nine_times_and_once_more(folder: Path) -> None:
    command = [sys.executable, "-W", "error", "-m", "tests.store.campaign", str(folder), "10", "7"]
    run = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=60, check=True)
    seen = json.loads(run.stdout)
    assert seen.pop("heard") > 100
    assert seen.pop("answered") > 50
    seen.pop("kept but not acknowledged")
    assert seen == {
        "lost": 0,
        "unanswered": 0,
        "doubled": 0,
        "without inbox": 0,
        "answers out of step": 0,
        "faults": [],
    }
