"""Stages of a long training: each leaves a result, and is skipped when the result is there."""
import json
import time
from pathlib import Path


class Stages:
    """Runs a stage once; its seconds go into times.json."""

    def __init__(self, folder: Path):
        self.folder = folder
        folder.mkdir(parents=True, exist_ok=True)
        self.path = folder / "times.json"
        self.seconds = json.loads(self.path.read_text()) if self.path.exists() else {}

    def run(self, name: str, result: Path, make):
        if result.exists():
            print(f"{name}: found {result.name}", flush=True)
            return
        started = time.time()
        try:
            make()
        except BaseException:
            # Half a result must not be found by the next run.
            result.unlink(missing_ok=True)
            raise
        self.seconds[name] = round(time.time() - started)
        self.path.write_text(json.dumps(self.seconds))
        print(f"{name}: {self.seconds[name]} s", flush=True)
