"""Print the results of a measurement as a table, ratios first.

Usage: table.py FILE
"""

import json
import sys
from pathlib import Path

#: What users have today, OCA account_credit_control 19.0 on two cores: milliseconds
#: and statements for one item or letter, and below which time we want to stay.
PEERS = {
    "proposal": (24000 / 14800, 32468 / 14800),
    "confirmation": (66000 / 2000, 29772 / 2000),
    "delivery by e-mail without PDF": (63, 44),
    "delivery with PDF, the rest": (2460, None),
    "printing a batch by hand": (190, None),
}
#: Against what a piece of work is held: the bare floor of the same run.
FLOORS = {
    "selection": "floor: bare SQL",
    "selection + plan": "floor: bare SQL",
    "proposal": "floor: bare SQL",
    "claims of all debtors": "floor: bare SQL",
    "delivery by e-mail without PDF": "floor: bare mails",
    "delivery with PDF, the rest": "floor: bare engine, 50 a call",
    "delivery by post with PDF": "floor: bare engine, 50 a call",
    "letters of one page to PDF": "floor: bare engine, 50 a call",
    "printing letters of one page": "floor: bare engine, 50 a call",
    "printing a batch by hand": "floor: bare engine, 50 a call",
    "printing one by hand": "floor: bare engine, 1 a call",
    "invoice with the tab": "invoice without the tab",
}
#: How many of the lists are shown, the slowest ones; all are in the file.
SLOWEST = 10
HEAD = (
    *("work", "count", "x floor", "x peer", "ms each", "CPU ms each"),
    *("SQL each", "wall s", "CPU s", "SQL", "MB", "more MB"),
)


def main(path: str) -> None:
    data = json.loads(Path(path).read_text())
    lists = sorted(data["results"].pop("lists", []), key=lambda row: -row["cpu"])
    results = [row for rows in data["results"].values() for row in rows]
    results += lists[:SLOWEST]
    each = {row["name"]: row["cpu"] / max(row["count"], 1) for row in results}
    rows = [HEAD, *(_tell(row, each) for row in results)]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    print(
        f"\n{data['invoices']} invoices, {data['date']}, {data['cores']} cores, load "
        f"{data['load'][0]}, Python {data['python']}, PostgreSQL {data['postgres']}\n"
    )
    for row in rows:
        first, *others = zip(row, widths, strict=True)
        cells = [f"{first[0]:{first[1]}}", *(f"{cell:>{w}}" for cell, w in others)]
        print("  ".join(cells))
    print("\nx floor: CPU against the bare floor; x peer: wall, how many times faster")
    print("MB: peak above the idle process; more MB: above what it held before")
    print(f"{len(lists)} lists and filters, the slowest are shown\n{path}")


def _tell(row: dict, each: dict) -> tuple:
    name, count = row["name"], max(row["count"], 1)
    floor = each.get(FLOORS.get(name))
    peer = PEERS.get(name, (None, None))[0]
    milliseconds = 1000 * row["wall"] / count
    return (
        name,
        str(row["count"]),
        f"{each[name] / floor:.1f}" if floor else "",
        f"{peer / milliseconds:.0f}" if peer else "",
        f"{milliseconds:.2f}",
        f"{1000 * row['cpu'] / count:.2f}",
        f"{row['statements'] / count:.2f}",
        f"{row['wall']:.2f}",
        f"{row['cpu']:.2f}",
        str(row["statements"]),
        f"{row['memory_mb']:.0f}",
        f"{row['grown_mb']:.0f}",
    )


if __name__ == "__main__":
    main(*sys.argv[1:])
