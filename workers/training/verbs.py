"""`khabar train verbs`: write `knowledge/tables/verbs.txt.gz` again, the verb forms of the installed hazm."""

import argparse
import gzip
from collections.abc import Sequence
from pathlib import Path

from workers.nlp.knowledge.hazm_verbs import table

OUT = Path("workers/nlp/knowledge/tables/verbs.txt.gz")


def main(arguments: Sequence[str] | None = None) -> None:
    """Write the table."""
    parser = argparse.ArgumentParser(prog="khabar train verbs", description="Write the table of verb forms.")
    parser.add_argument("--out", type=Path, default=OUT)
    out: Path = parser.parse_args(arguments).out
    text = table()
    out.write_bytes(gzip.compress(text.encode("utf-8"), mtime=0))
    print(f"{out}: {len(text.splitlines()) - 1} verbs")


if __name__ == "__main__":
    main()
