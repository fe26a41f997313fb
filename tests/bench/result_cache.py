# SPDX-License-Identifier: LGPL-2.1-or-later
"""Results kept in a folder under all that they depend on, so that what is unchanged is not measured again."""

import hashlib
import json
import os
import pathlib


def digest(*paths):
    """Of the bytes of files: what they are, not when they were written."""
    total = hashlib.sha256()
    for path in paths:
        with open(path, "rb") as file:
            while block := file.read(1 << 20):
                total.update(block)
    return total.hexdigest()[:24]


class ResultCache:
    """Without a folder it keeps nothing."""

    def __init__(self, folder=None):
        self.folder = folder and pathlib.Path(folder)
        if self.folder:
            self.folder.mkdir(parents=True, exist_ok=True)

    def result(self, question, answer):
        """What `answer()` gave to that question; both are made of what JSON knows."""
        if not self.folder:
            return answer()
        text = json.dumps(question, sort_keys=True)
        path = self.folder / f"{hashlib.sha256(text.encode()).hexdigest()[:24]}.json"
        if path.exists():
            return json.loads(path.read_text())["result"]
        found = answer()
        partial = path.with_suffix(f".{os.getpid()}")
        partial.write_text(json.dumps({"question": question, "result": found}, indent=1))
        partial.rename(path)
        return found
