#!/usr/bin/env python3
"""The example portfolios' figures by other means: Beancount's own loader, floats, loops.

Debian's beancount 2.3.5; from the root: /usr/bin/python3 libs/agents/test/reference/figures.py > libs/agents/test/reference/figures.json
It shares no code with the library, only the conventions of docs/figures.md.
"""
import bisect
import collections
import csv
import datetime
import glob
import json
import math

from beancount import loader
from beancount.core import data

ASOF = datetime.date(2025, 10, 22)
MONEY = {"CAD", "USD", "EUR"}
CASES = [
    ("growth", ["Assets:Growth", "Liabilities:Growth"], "CAD", 365, "daily"),
    ("growth", ["Assets:Growth", "Liabilities:Growth"], "CAD", 1200, "daily"),
    ("income", ["Assets:Yield"], "USD", 400, "daily"),
    ("income", ["Assets:Yield"], "USD", 1200, "daily"),
    # Over half of it is a fund that is priced once a month.
    ("reserve", ["Assets:Reserve"], "CAD", 1200, "monthly"),
]
# Income and costs that are no part of a trade; fees are one where the entry trades.
EARNED = ("Dividends", "Interest", "Margin-Interest", "Withholding")


class Series:
    def __init__(self):
        self.points = {}

    def freeze(self):
        self.days = sorted(self.points)

    def at(self, day):
        return self.points[self.days[bisect.bisect_right(self.days, day) - 1]]


def load_market(entries):
    prices, rates = collections.defaultdict(Series), collections.defaultdict(Series)
    currency = {}
    for name in glob.glob("examples/market/prices/*.csv"):
        for row in csv.DictReader(open(name)):
            prices[row["commodity"]].points[row["date"]] = float(row["price"])
            currency[row["commodity"]] = row["currency"]
    for name in glob.glob("examples/market/fx/*.csv"):
        for row in csv.DictReader(open(name)):
            rates[row["base"], row["quote"]].points[row["date"]] = float(row["rate"])
    for entry in entries:
        if isinstance(entry, data.Price) and entry.currency not in MONEY:
            prices[entry.currency].points[entry.date.isoformat()] = float(entry.amount.number)
            currency[entry.currency] = entry.amount.currency
    for series in [*prices.values(), *rates.values()]:
        series.freeze()
    return prices, rates, currency


def figures(entries, market, prefixes, base, lookback, grid):
    prices, rates, currency = market

    def rate(one, other, day):
        if one == other:
            return 1.0
        return rates[one, other].at(day) if (one, other) in rates else 1 / rates[other, one].at(day)

    def value(commodity, units, day):
        if commodity in MONEY:
            return units * rate(commodity, base, day)
        return units * prices[commodity].at(day) * rate(currency[commodity], base, day)

    def own(account):
        return any(account == prefix or account.startswith(prefix + ":") for prefix in prefixes)

    def flow(transaction, day):
        outside = [posting for posting in transaction.postings if not own(posting.account)]
        income = [p for p in outside if p.account.split(":")[0] in ("Income", "Expenses")]
        external = [p for p in outside if p not in income]
        if not external:
            return 0.0
        equity = all(p.account.startswith("Equity") for p in external)
        if not income and (equity or any(p.units.currency not in MONEY for p in external)):
            mine = [p for p in transaction.postings if own(p.account)]
            return sum(value(p.units.currency, float(p.units.number), day) for p in mine)
        return -sum(value(p.units.currency, float(p.units.number), day) for p in external)

    def earned(transaction, day):
        trade = any(p.cost is not None or p.price is not None for p in transaction.postings)
        total = 0.0
        for p in transaction.postings:
            leaf = p.account.split(":")[-1]
            fee = p.account.startswith("Expenses") and leaf == "Fees" and not trade
            if p.account.split(":")[0] in ("Income", "Expenses") and (leaf in EARNED or fee):
                total -= value(p.units.currency, float(p.units.number), day)
        return total

    history = [
        entry
        for entry in entries
        if isinstance(entry, data.Transaction) and any(own(p.account) for p in entry.postings)
    ]
    one_day = datetime.timedelta(1)
    start = max(ASOF - datetime.timedelta(lookback), history[0].date - one_day)
    priced = {day for series in [*prices.values(), *rates.values()] for day in series.days}
    span = [start + one_day * offset for offset in range((ASOF - start).days + 1)]
    days = [
        day for day in span if day in (start, ASOF) or day.isoformat() in priced
    ]
    held, values, flows, befores, next_entry = collections.Counter(), [], [], [], 0
    for day in days:
        moved = 0.0
        # What was held the eve, at the day's prices, with the day's income.
        before = sum(value(c, float(n), day.isoformat()) for c, n in held.items() if n)
        while next_entry < len(history) and history[next_entry].date <= day:
            transaction = history[next_entry]
            next_entry += 1
            if day > start:
                moved += flow(transaction, day.isoformat())
                before += earned(transaction, day.isoformat())
            for posting in transaction.postings:
                if own(posting.account):
                    held[posting.units.currency] += posting.units.number
        values.append(sum(value(c, float(n), day.isoformat()) for c, n in held.items() if n))
        flows.append(moved)
        befores.append(before)

    daily, index = [], [(days[0], 1.0)]
    for day, eve, close, before, moved in zip(days[1:], values, values[1:], befores[1:], flows[1:]):
        growth = close / eve if eve else 1.0
        if moved:
            at_flow = before if eve > 0 else eve
            growth = before / eve if eve > 0 else 1.0
            growth *= (close - min(moved, 0.0)) / (at_flow + max(moved, 0.0))
        daily.append(growth - 1)
        index.append((day, index[-1][1] * growth))
    wealth = index[-1][1]
    if grid == "daily":
        returns = [one for one, eve, moved in zip(daily, values, flows[1:]) if eve or moved]
    else:
        ends = [(day + one_day).day == 1 for day in span]
        at = dict(index)
        sampled, carried = [], None
        for day, is_end in zip(span, ends):
            carried = at.get(day, carried)
            if is_end:
                sampled.append(carried)
        returns = [after / before - 1 for before, after in zip(sampled, sampled[1:])]
    average = sum(returns) / len(returns)
    spread = math.sqrt(sum((r - average) ** 2 for r in returns) / (len(returns) - 1))
    worst = sorted((-r for r in returns), reverse=True)
    tail = math.floor(len(worst) * 5 / 100)
    peak, depth = 1.0, 0.0
    for _, at in index:
        peak = max(peak, at)
        depth = min(depth, at / peak - 1)

    paid = [(days[0], -values[0]), *((d, -f) for d, f in zip(days[1:], flows[1:])), (days[-1], values[-1])]

    def present_value(at):
        return sum(amount / (1 + at) ** ((day - days[0]).days / 365) for day, amount in paid)

    low, high = -0.9, 5.0
    for _ in range(200):
        middle = (low + high) / 2
        low, high = (middle, high) if present_value(middle) > 0 else (low, middle)
    return {
        "value": values[-1],
        "points": len(days),
        "flows": sum(1 for moved in flows if moved),
        "twr": wealth - 1,
        "volatility": spread * math.sqrt(252 if grid == "daily" else 12),
        "max_drawdown": depth,
        "mwr_annualised": low,
        # There is no day's loss in monthly returns.
        "value_at_risk": worst[tail - 1] if grid == "daily" else None,
        "expected_shortfall": sum(worst[:tail]) / tail if grid == "daily" else None,
    }


def year_after(day):
    """The first day on which a sale of what was bought on `day` is long-term: a year from the day after it."""
    start = day + datetime.timedelta(1)
    try:
        return start.replace(year=start.year + 1)
    except ValueError:
        return datetime.date(start.year + 1, 3, 1)


def realised(entries, market, prefixes, base, year):
    """Sales of a year by lot: Beancount's booking picks the lots, the arithmetic is here."""
    prices, rates, currency = market

    def rate(one, day):
        if one == base:
            return 1.0
        at = day.isoformat()
        return rates[one, base].at(at) if (one, base) in rates else 1 / rates[base, one].at(at)

    def own(account):
        return any(account == prefix or account.startswith(prefix + ":") for prefix in prefixes)

    def costs(transaction):
        return sum(
            float(p.units.number) * rate(p.units.currency, transaction.date)
            for p in transaction.postings
            if p.account.startswith("Expenses")
        )

    bought = {}
    sales = {"sales": 0, "proceeds": 0.0, "basis": 0.0, "short": 0.0, "long": 0.0, "disallowed": 0.0}
    purchases, losses = [], []
    size = collections.defaultdict(lambda: 1.0)
    for transaction in entries:
        if not isinstance(transaction, data.Transaction):
            continue
        lots = [p for p in transaction.postings if p.cost is not None]
        out = [p for p in lots if p.units.number < 0]
        into = [p for p in lots if p.units.number > 0]
        if out and into and all(p.price is None for p in out):
            ratio = float(sum(p.units.number for p in into)) / -float(sum(p.units.number for p in out))
            size[out[0].units.currency] *= ratio
            continue
        for p in into:
            if own(p.account) and p.cost.date == transaction.date:
                units = float(p.units.number) / size[p.units.currency]
                bought[p.units.currency, p.cost.date] = costs(transaction) / units
                purchases.extend([p.units.currency, p.cost.date, False] for _ in range(int(p.units.number)))
        for p in out:
            if not own(p.account) or p.price is None or transaction.date.year != year:
                continue
            units = -float(p.units.number)
            proceeds = units * float(p.price.number) * rate(p.price.currency, transaction.date)
            sold = sum(
                -float(q.units.number) * float(q.price.number) * rate(q.price.currency, transaction.date) for q in out
            )
            proceeds -= costs(transaction) * proceeds / sold
            basis = units * float(p.cost.number) * rate(p.cost.currency, p.cost.date)
            basis += bought.get((p.units.currency, p.cost.date), 0.0) * units / size[p.units.currency]
            sales["sales"] += 1
            sales["proceeds"] += proceeds
            sales["basis"] += basis
            sales["long" if transaction.date >= year_after(p.cost.date) else "short"] += proceeds - basis
            if proceeds < basis:
                losses.append((p.units.currency, p.cost.date, transaction.date, units, proceeds - basis))
    # Wash sales, unit by unit; the example has no split and no second sale of a commodity within any window.
    for commodity, acquired, sold, units, loss in losses:
        for _ in range(int(units)):
            for unit in purchases:
                near = abs((unit[1] - sold).days) <= 30
                if unit[0] == commodity and unit[1] != acquired and near and not unit[2]:
                    unit[2] = True
                    sales["disallowed"] -= loss / units
                    break
    return sales


def main():
    entries, errors, _ = loader.load_file("examples/ledger/main.beancount")
    assert not errors, errors
    market = load_market(entries)
    print(
        json.dumps(
            {
                "performance": [
                    {"portfolio": name, "lookback_days": lookback, **figures(entries, market, prefixes, base, lookback, grid)}
                    for name, prefixes, base, lookback, grid in CASES
                ],
                "gains": [
                    {"portfolio": name, "tax_year": year, **realised(entries, market, prefixes, base, year)}
                    for name, prefixes, base in {(name, tuple(prefixes), base): None for name, prefixes, base, *_ in CASES}
                    for year in (2023, 2024, 2025)
                ],
            },
            indent=1,
        )
    )


main()
