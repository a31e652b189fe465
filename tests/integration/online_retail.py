"""Turns a year of Online Retail II into a data set of Marquee.

    python3 tests/integration/online_retail.py CSV OUT

CSV is one sheet of the data set of the UCI, with a column StockCode (or StockCode_mapped), Description,
Quantity, InvoiceDate, CustomerID and Country. OUT gets items.jsonl, users.jsonl and interactions.csv.
A purchase is a play: rows without a customer and returns are left out, and the time of an invoice is
taken as UTC.
"""
import csv
import datetime
import json
import pathlib
import sys

# The data set names countries; these have another code than their first two letters say.
CODES = {
    "United Kingdom": "GB", "France": "FR", "USA": "US", "Belgium": "BE", "Australia": "AU", "EIRE": "IE",
    "Germany": "DE", "Portugal": "PT", "Japan": "JP", "Denmark": "DK", "Nigeria": "NG", "Netherlands": "NL",
    "Poland": "PL", "Spain": "ES", "Channel Islands": "JE", "Italy": "IT", "Cyprus": "CY", "Greece": "GR",
    "Norway": "NO", "Austria": "AT", "Sweden": "SE", "United Arab Emirates": "AE", "Finland": "FI",
    "Switzerland": "CH", "Malta": "MT", "Bahrain": "BH", "Bermuda": "BM", "Hong Kong": "HK",
    "Singapore": "SG", "Thailand": "TH", "Israel": "IL", "Lithuania": "LT", "Lebanon": "LB", "Korea": "KR",
    "Brazil": "BR", "Canada": "CA", "Iceland": "IS", "Saudi Arabia": "SA", "Czech Republic": "CZ", "RSA": "ZA",
}


def moment(text):
    text = text.strip()
    for form in ("%Y-%m-%d %H:%M:%S", "%Y-%m-%d %H:%M", "%m/%d/%Y %H:%M", "%m/%d/%y %H:%M", "%d/%m/%Y %H:%M"):
        try:
            time = datetime.datetime.strptime(text, form)
        except ValueError:
            continue
        return int(time.replace(tzinfo=datetime.timezone.utc).timestamp())
    sys.exit(f"online_retail.py: '{text}': is no moment of an invoice")


def main(path, out):
    items, users, rows = {}, {}, []
    with open(path, newline="", encoding="utf-8") as file:
        for row in csv.DictReader(file):
            customer = row["CustomerID"].strip()
            item = (row.get("StockCode") or row.get("StockCode_mapped") or "").strip()
            if not customer or not item or float(row["Quantity"]) <= 0:
                continue
            customer = f"c{int(float(customer))}"
            items.setdefault(item, row["Description"].strip() or item)
            users.setdefault(customer, CODES.get(row["Country"].strip(), ""))
            rows.append((customer, item, moment(row["InvoiceDate"])))
    out.mkdir(parents=True, exist_ok=True)
    with open(out / "items.jsonl", "w", encoding="utf-8") as file:
        for item, title in sorted(items.items()):
            file.write(json.dumps({"item_id": item, "title": title, "maturity": 0}) + "\n")
    with open(out / "users.jsonl", "w", encoding="utf-8") as file:
        for user, country in sorted(users.items()):
            record = {"user_id": user, "country": country} if country else {"user_id": user}
            file.write(json.dumps(record) + "\n")
    with open(out / "interactions.csv", "w", encoding="utf-8") as file:
        file.write("user_id,item_id,timestamp,event,weight\n")
        for user, item, time in rows:
            file.write(f"{user},{item},{time},play,1\n")
    print(f"{len(items)} items, {len(users)} users, {len(rows)} plays")


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    main(sys.argv[1], pathlib.Path(sys.argv[2]))
