#!/usr/bin/env python3
"""Figures of a portfolio from the text of its ledger alone: the standard library, decimals, a reader of its own.

figures_from_text.py LEDGER ROOT BASE ASOF [PRICES.csv...]: prints JSON. ROOT is the account that the portfolio is.
It shares no code with the library, only the definitions of docs/figures.md; it knows no splits and no wash sales.
"""
import collections
import csv
import datetime
import json
import math
import re
import sys
from decimal import Decimal, getcontext

getcontext().prec = 40
ZERO = Decimal(0)
DAY = datetime.timedelta(1)
FRESH = 31  # days
NAMED = {
    "Dividend": "income", "Dividends": "income", "Div": "income", "Interest": "income", "Int": "income",
    "Gains": "result", "Gain": "result", "PnL": "result", "Loss": "result", "Losses": "result",
    "Fee": "fee", "Fees": "fee", "Commission": "cost", "Commissions": "cost", "Comm": "cost",
    "Withheld": "income",
}
ROLES = {
    "dividend": "income", "interest": "income", "result": "result", "fee": "fee", "trading_cost": "cost",
    "tax_withheld": "income",
}

Posting = collections.namedtuple("Posting", "account units currency cost price")
NUMBER = r"(-?[\d,]*\.?\d+)"
POSTING = re.compile(
    r"^\s+([A-Z][\w:-]+)(?:\s+" + NUMBER + r"\s+([A-Z][\w.'-]*))?"
    r"(?:\s*\{([^}]*)\})?(?:\s*(@@?)\s*" + NUMBER + r"\s+([A-Z][\w.'-]*))?\s*(?:;.*)?$"
)


def number(text):
    return Decimal(text.replace(",", ""))


def date(text):
    return datetime.date.fromisoformat(text)


class Book:
    """Entries in order of their days, quotes by commodity, roles by account."""

    def __init__(self, text, files):
        self.entries, self.quotes, self.roles = [], collections.defaultdict(dict), {}
        opened, current = None, None
        for line in text.splitlines():
            head = re.match(r"^(\d{4}-\d\d-\d\d)\s+(\S+)\s*(.*)$", line)
            if head:
                day, kind, rest = date(head[1]), head[2], head[3]
                current, opened = None, None
                if kind in ("*", "!", "txn"):
                    current = (day, [])
                    self.entries.append(current)
                elif kind == "price":
                    name, value, currency = rest.split()[:3]
                    self.quotes[name][day] = (number(value), currency)
                elif kind == "open":
                    opened = rest.split()[0]
            elif opened and re.match(r'^\s+role:\s*"', line):
                self.roles[opened] = line.split('"')[1]
            elif current is not None:
                found = POSTING.match(line)
                if found:
                    current[1].append(found.groups())
        for name in files:
            for row in csv.DictReader(open(name, encoding="utf-8-sig")):
                subject = row.get("commodity") or row["base"]
                quoted = (number(row.get("price") or row["rate"]), row.get("currency") or row["quote"])
                self.quotes[subject][date(row["date"])] = quoted
        self.entries = [(day, self.booked(day, legs)) for day, legs in sorted(self.entries, key=lambda one: one[0])]
        self.days = {name: sorted(quotes) for name, quotes in self.quotes.items()}

    def booked(self, day, legs):
        """Postings with their costs a unit, and what was left out filled in."""
        postings, missing, balance = [], None, collections.Counter()
        for account, units, currency, cost, sign, price, priced in legs:
            if units is None:
                missing = account
                continue
            units = number(units)
            cost = self.cost(cost, account, currency, units)
            if price is not None:
                price = (abs(number(price) / units) if sign == "@@" else number(price), priced)
            postings.append(Posting(account, units, currency, cost, price))
            amount, of = weight(postings[-1])
            balance[of] += amount
        if missing:
            postings += [Posting(missing, -left, of, None, None) for of, left in balance.items() if left]
        return postings

    def cost(self, text, account, currency, units):
        if text is None:
            return None
        parts = text.replace("#", " ").split(",")
        found = re.match(r"\s*" + NUMBER + r"\s+([A-Z]\w*)", parts[0])
        assert found, f"a cost that is not written out: {account} {units} {currency} {{{text}}}"
        return (number(found[1]), found[2])

    def role(self, account):
        if account in self.roles:
            return ROLES.get(self.roles[account], "flow")
        if account.split(":")[0] not in ("Income", "Expenses"):
            return "outside"
        words = [word for part in account.split(":") for word in part.split("-")]
        return next((NAMED[word] for word in words if word in NAMED), "flow")


def weight(posting):
    if posting.cost:
        return posting.units * posting.cost[0], posting.cost[1]
    if posting.price:
        return posting.units * posting.price[0], posting.price[1]
    return posting.units, posting.currency


class Portfolio:
    def __init__(self, book, root, base):
        self.book, self.base = book, base
        self.own = lambda account: account == root or account.startswith(root + ":")
        self.history = [one for one in book.entries if any(self.own(leg.account) for leg in one[1])]
        self.trades = collections.defaultdict(list)
        for day, legs in self.history:
            paid = any(self.own(leg.account) and leg.cost is None and self.is_money(leg.currency) for leg in legs)
            for leg in legs:
                quoted = leg.price or (leg.cost if leg.units > 0 else None)
                if leg.cost and self.own(leg.account) and quoted and paid:
                    self.trades[leg.currency, day].append((abs(leg.units), quoted))

    def is_money(self, name):
        return len(name) == 3 and name in ("USD", "EUR", "CAD", "GBP", "JPY", "KWD", "CHF")

    def newest(self, name, day):
        """The quote of the day, else the mean of its trades, else the newest of both; with its own day."""
        quotes = self.book.quotes[name]
        if day in quotes:
            return quotes[day], day
        traded = {on for (of, on) in self.trades if of == name and on <= day}
        days = [on for on in self.book.days.get(name, []) if on <= day]
        newest = max([*days[-1:], *traded], default=None)
        if newest is None:
            raise SystemExit(f"no price of {name} by {day}")
        if newest in quotes:
            return quotes[newest], newest
        made = self.trades[name, newest]
        units = sum(one for one, _ in made)
        return (sum(one * price for one, (price, _) in made) / units, made[0][1][1]), newest

    def rate(self, one, day):
        if one == self.base:
            return Decimal(1)
        quotes, inverse = self.book.quotes.get(one, {}), self.book.quotes.get(self.base, {})
        days = [on for on in quotes if on <= day and quotes[on][1] == self.base]
        if days:
            return quotes[max(days)][0]
        return 1 / inverse[max(on for on in inverse if on <= day and inverse[on][1] == one)][0]

    def worth(self, held, day):
        total = ZERO
        for name, units in held.items():
            if not units:
                continue
            if self.is_money(name):
                total += units * self.rate(name, day)
            else:
                (price, currency), _ = self.newest(name, day)
                total += units * price * self.rate(currency, day)
        return total

    def moved(self, day, legs):
        """What came from outside, and what of the entry is income or a fee rather than a trade's."""
        flow, earned = ZERO, ZERO
        outside = [leg for leg in legs if not self.own(leg.account)]
        trade = any(leg.cost for leg in legs)
        for leg in outside:
            amount, currency = weight(leg)
            role = self.book.role(leg.account)
            if role in ("flow", "outside"):
                if self.is_money(currency):
                    flow -= amount * self.rate(currency, day)
            elif role == "income" or (role == "fee" and not trade):
                earned -= amount * self.rate(currency, day)
        paid = any(self.own(leg.account) and leg.cost is None for leg in legs)
        if not paid and all(self.book.role(leg.account) in ("flow", "outside") for leg in outside):
            for leg in legs:
                if self.own(leg.account) and leg.cost:
                    (price, currency), _ = self.newest(leg.currency, day)
                    flow += leg.units * (price * self.rate(currency, day) - leg.cost[0] * self.rate(leg.cost[1], day))
        return flow, earned

    def series(self, asof):
        first = self.history[0][0]
        entries = collections.defaultdict(list)
        for day, legs in self.history:
            entries[day].append(legs)
        priced = {on for quotes in self.book.quotes.values() for on in quotes}
        held, value, index = collections.Counter(), ZERO, Decimal(1)
        curve, flows = [index], []
        day = first
        while day <= asof:
            if day in entries or day in priced or day == asof:
                at_flow, flow = self.worth(held, day), ZERO
                for legs in entries[day]:
                    came, earned = self.moved(day, legs)
                    flow, at_flow = flow + came, at_flow + earned
                    for leg in legs:
                        if self.own(leg.account):
                            held[leg.currency] += leg.units
                close = self.worth(held, day)
                if flow:
                    flows.append((day, flow))
                    if value > 0:
                        index *= at_flow / value
                    base = (at_flow if value > 0 else value) + max(flow, ZERO)
                    index *= (close - min(flow, ZERO)) / base if base else 1
                elif value > 0:
                    index *= close / value
                value = close
                curve.append(index)
            day += DAY
        return {"first": first, "value": value, "flows": flows, "curve": curve, "held": held}


def money_weighted(flows, value, asof):
    """By halving: what is left of the flows at a yearly growth of e to the power of `log`."""
    first = flows[0][0]

    def present(log):
        paid = sum(float(-flow) * math.exp(-log * (day - first).days / 365) for day, flow in flows)
        return paid + float(value) * math.exp(-log * (asof - first).days / 365)

    low, high = math.log(0.01), math.log(1e20)
    for _ in range(200):
        middle = (low + high) / 2
        low, high = (middle, high) if present(middle) > 0 else (low, middle)
    return math.expm1(low)


def main():
    path, root, base, asof = sys.argv[1:5]
    book = Book(open(path, encoding="utf-8").read(), sys.argv[5:])
    portfolio, asof = Portfolio(book, root, base), date(asof)
    portfolio.history = [one for one in portfolio.history if one[0] <= asof]
    found = portfolio.series(asof)
    peak, depth = ZERO, ZERO
    for index in found["curve"]:
        peak = max(peak, index)
        depth = min(depth, index / peak - 1)
    proceeds, income = collections.Counter(), collections.Counter()
    for day, legs in portfolio.history:
        sold = [leg for leg in legs if portfolio.own(leg.account) and leg.cost and leg.units < 0 and leg.price]
        costs = sum(leg.units for leg in legs if book.role(leg.account) in ("cost", "fee"))
        if sold:
            proceeds[str(day.year)] += sum(-leg.units * leg.price[0] for leg in sold) - costs
        for leg in legs:
            if book.role(leg.account) == "income" and leg.account.startswith("Income"):
                for part in leg.account.split(":"):
                    income[part] -= leg.units if part in found["held"] else 0
    external = sum(flow for _, flow in found["flows"])
    print(
        json.dumps(
            {
                "first": found["first"].isoformat(),
                "value": f"{found['value']:.6f}",
                "flows": len(found["flows"]),
                "contributed": f"{external:.6f}",
                "gain": f"{found['value'] - external:.6f}",
                "twr": f"{found['curve'][-1] - 1:.12f}",
                "max_drawdown": f"{depth:.12f}",
                "mwr_annualised": f"{money_weighted(found['flows'], found['value'], asof):.9f}",
                "units": {name: f"{units:f}" for name, units in sorted(found["held"].items()) if units},
                "proceeds": {year: f"{amount:.6f}" for year, amount in sorted(proceeds.items())},
                "income": {name: f"{amount:.6f}" for name, amount in sorted(income.items()) if amount},
            },
            indent=1,
        )
    )


main()
