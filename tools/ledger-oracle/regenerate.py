#!/usr/bin/env python3
"""Writes what Beancount itself makes of the test ledgers, for the tests of libs/ledger to compare with.

Run it where Beancount 2.3.5 is installed (Debian: apt install beancount):

    /usr/bin/python3 tools/ledger-oracle/regenerate.py [LEDGER ...]

Beside each ledger X.beancount it writes X.expected.json: the lots that each account holds (numbers with all their
digits, through the Python loader: bean-query cuts them off), the errors with file and line, and the number of directives.
"""
import collections
import json
import os
import sys

os.environ["BEANCOUNT_DISABLE_LOAD_CACHE"] = "1"

from beancount import loader  # noqa: E402
from beancount.core import data, inventory  # noqa: E402

FIXTURES = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "libs", "ledger", "test", "__fixtures__")


def place(filename, root):
    """The file as the path from the ledger's folder; names such as <load> stay."""
    return os.path.relpath(filename, root) if os.path.isabs(filename) else filename


def row(account, position):
    cost = position.cost
    return {
        "account": account,
        "units": format(position.units.number, "f"),
        "currency": position.units.currency,
        "cost_number": None if cost is None else format(cost.number, "f"),
        "cost_currency": None if cost is None else cost.currency,
        "cost_date": None if cost is None or cost.date is None else cost.date.isoformat(),
        "cost_label": None if cost is None else cost.label,
    }


def transaction(entry):
    """What a plugin may change of a transaction."""
    return [
        entry.date.isoformat(),
        entry.flag,
        entry.narration,
        [
            [
                posting.account,
                format(posting.units.number, "f"),
                posting.units.currency,
                None if posting.cost is None else f"{posting.cost.number:f} {posting.cost.currency}",
                None if posting.price is None else f"{posting.price.number:f} {posting.price.currency}",
            ]
            for posting in entry.postings
        ],
    ]


def expected(path):
    root = os.path.dirname(path)
    entries, errors, _ = loader.load_file(path)
    balances = collections.defaultdict(inventory.Inventory)
    for entry in entries:
        if isinstance(entry, data.Transaction):
            for posting in entry.postings:
                balances[posting.account].add_position(posting)
    plugins = os.path.basename(path).startswith("plugin-")
    transactions = [transaction(entry) for entry in entries if isinstance(entry, data.Transaction)]
    return {
        "directives": len(entries),
        **({"transactions": transactions} if plugins else {}),
        "positions": [row(account, position) for account in sorted(balances) for position in balances[account]],
        "errors": [
            {
                "file": place(error.source["filename"], root),
                "line": int(error.source["lineno"]),
                "message": error.message.replace(root + os.sep, "").split("\n")[0],
            }
            for error in errors
        ],
    }


def ledgers():
    for folder in (FIXTURES, os.path.join(FIXTURES, "beancount-example")):
        for name in sorted(os.listdir(folder)):
            if name.endswith(".beancount"):
                yield os.path.join(folder, name)


def main(paths):
    for path in paths or ledgers():
        path = os.path.realpath(path)
        with open(path.removesuffix(".beancount") + ".expected.json", "w", encoding="utf-8") as file:
            json.dump(expected(path), file, indent=1, ensure_ascii=False)
            file.write("\n")
        print(os.path.relpath(path))


if __name__ == "__main__":
    main(sys.argv[1:])
