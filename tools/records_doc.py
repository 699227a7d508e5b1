"""Write `docs/records.md` and the checked-in schemas of the kinds anew: `python tools/records_doc.py`."""

from __future__ import annotations

import json
import sys
from pathlib import Path

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT / "src"))

SCHEMAS = ROOT / "src" / "lianfang" / "ledger" / "kinds" / "schemas"


def main() -> None:
    """Write the page, and the schema of every kind that has none yet; one that has changed is refused: it needs a new version."""
    from lianfang.ledger import kinds  # once the path stands
    from lianfang.ledger.kinds import rendering

    (ROOT / "docs" / "records.md").write_text(rendering.document())
    for kind in kinds.every():
        file = SCHEMAS / f"{kind.name}.{kind.version}.json"
        text = json.dumps(kind.schema(), ensure_ascii=False, indent=1, sort_keys=True) + "\n"
        if not file.exists():
            file.write_text(text)
        elif file.read_text() != text:
            sys.exit(f"{kind.name} {kind.version} has changed: give it a new version and keep the old one")


if __name__ == "__main__":
    main()
