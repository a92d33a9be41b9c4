#!/usr/bin/env python3
"""Says whether the seed lists lie in the folders of their seasons."""

import os
import sys
from pathlib import Path

SEASONS = {"beans.txt": "spring", "garlic.txt": "autumn", "peas.txt": "spring"}


def main():
    folder = Path(os.environ.get("FILESYSTEM_TEST_DIR", ""))
    for name, season in SEASONS.items():
        moved = folder / season / name
        if not moved.is_file() or not moved.read_text().startswith(f"season: {season}"):
            print(f"❌ {name} does not lie in {season}")
            sys.exit(1)
        if (folder / "lists" / name).exists():
            print(f"❌ {name} still lies in lists")
            sys.exit(1)
    if (folder / "count.txt").read_text().strip() != "2":
        print("❌ count.txt does not say 2")
        sys.exit(1)
    print("✅ all lists are sorted")
    sys.exit(0)


if __name__ == "__main__":
    main()
