"""Writes customer and device lists the way ERP and CRM programs export them, and what a correct import makes of them.

Same seed, same bytes. The rows are drawn once and then written as CSV (UTF-8 with and without BOM, GB18030) and XLSX; the
physical row numbers are the same in every file. `expected.json` is computed here from the clean value *before* it is
dirtied, so it does not repeat the rules of the importer; it says per row what is accepted and which cell is refused why.
Knows nothing of mapping: the columns carry the header words that real exports use.
"""
import argparse
import json
import random
from pathlib import Path

import sheet_dirt as dirt
from sheet_write import write_csv, write_xlsx

CUSTOMER_HEADER = ["客户编号", "客户姓名", "联系电话", "备用电话", "客户类型", "省市区", "详细地址", "建档日期",
                   "累计消费(元)", "电子邮箱", "来源", "备注"]
DEVICE_HEADER = ["序号", "产品序列号", "产品型号", "品类", "购买日期", "安装日期", "客户姓名", "联系电话", "安装地址",
                 "购买渠道", "金额(元)", "备注"]


def customer_row(rng, index, phones):
    """One customer: the cells as exported and what they mean."""
    cells, values, refused = [None] * 12, {}, []
    cells[0] = dirt.Cell(f"KH{index:07d}")
    values["no"] = cells[0].text
    name = dirt.name(rng)
    cells[1], values["name"], values["title"] = name.cell, name.name, name.title
    phone = dirt.phone(rng, phones)
    cells[2] = phone.cell
    values["phone"] = phone.value
    refused += [(2, r) for r in phone.refused]
    second = dirt.landline(rng) if rng.random() < 0.15 else dirt.Clean(dirt.Cell(""), None)
    cells[3], values["second_phone"] = second.cell, second.value
    cells[4] = dirt.Cell("企业" if rng.random() < 0.08 else "个人")
    area, street = dirt.address(rng)
    cells[5], cells[6] = area.cell, street.cell
    values["area"], values["street"] = area.value, street.value
    created = dirt.date(rng, 2016, 2025)
    cells[7], values["created"] = created.cell, created.value
    refused += [(7, r) for r in created.refused]
    spent = dirt.money(rng)
    cells[8], values["spent_fen"] = spent.cell, spent.value
    refused += [(8, r) for r in spent.refused]
    cells[9] = dirt.Cell(dirt.mail(rng) if rng.random() < 0.2 else "")
    cells[10] = dirt.Cell(rng.choice(["京东", "天猫", "线下门店", "抖音", "老客户介绍", ""]))
    cells[11] = dirt.Cell(dirt.remark(rng))
    return cells, values, refused, phone.value


def device_row(rng, index, serials, owner):
    """One device of `owner`, a triple of name, phone and address cells shared by a run of rows."""
    cells, values, refused = [None] * 12, {}, []
    cells[0] = dirt.Cell(index, number=True)
    serial = dirt.serial(rng, serials)
    cells[1], values["serial"] = serial.cell, serial.value
    refused += [(1, r) for r in serial.refused]
    model, known, kind = dirt.model(rng)
    cells[2], values["model"] = model, known
    if known is None:
        refused.append((2, "model_unknown"))
    cells[3] = dirt.Cell(kind)
    bought = dirt.date(rng, 2018, 2025)
    cells[4], values["bought"] = bought.cell, bought.value
    refused += [(4, r) for r in bought.refused]
    installed = dirt.date(rng, 2018, 2025) if rng.random() < 0.6 else dirt.Clean(dirt.Cell(""), None)
    cells[5], values["installed"] = installed.cell, installed.value
    refused += [(5, r) for r in installed.refused]
    name, phone, street = owner
    cells[6], cells[7], cells[8] = name.cell, phone.cell, street.cell
    values["owner_name"], values["owner_title"], values["owner_phone"], values["owner_street"] = name.name, name.title, phone.value, street.value
    refused += [(7, r) for r in phone.refused]
    cells[9] = dirt.Cell(rng.choice(["京东自营", "天猫旗舰店", "苏宁", "国美", "专卖店", "工程渠道"]))
    price = dirt.money(rng)
    cells[10], values["price_fen"] = price.cell, price.value
    refused += [(10, r) for r in price.refused]
    cells[11] = dirt.Cell(dirt.remark(rng))
    return cells, values, refused, serial.value


def is_clean(entry, kind):
    """Nothing refused in a file of this kind ("csv" or "xlsx")."""
    return all(kind == "xlsx" and r["reason"] in dirt.ONLY_CSV for r in entry["refused"])


class Sheet:
    """Collects rows with their physical numbers, the noise between them and the verdicts."""

    def __init__(self, record, header, title, key):
        self.record, self.header, self.title, self.key = record, header, title, key
        self.rows, self.merged, self.data, self.blank = [], [], [], []
        self.first_seen = {"csv": {}, "xlsx": {}}

    def head(self):
        width = len(self.header)
        self.rows.append([dirt.Cell(self.title)] + [dirt.Cell("")] * (width - 1))
        self.merged.append((1, 0, 1, width - 1))
        self.rows.append([dirt.Cell("导出时间：2025-11-20 09:30"), dirt.Cell(""), dirt.Cell("操作员：林晓")] + [dirt.Cell("")] * (width - 3))
        self.rows.append([dirt.Cell(h) for h in self.header])

    def blank_row(self):
        self.rows.append([dirt.Cell("")] * len(self.header))
        self.blank.append(len(self.rows))

    def data_row(self, cells, values, refused, key):
        self.rows.append(cells)
        number = len(self.rows)
        entry = {"row": number, "values": values, "refused": [{"column": c, "reason": r} for c, r in refused], "duplicate_of": {}}
        for kind, seen in self.first_seen.items():
            if key is not None and is_clean(entry, kind) and seen.setdefault(key, number) != number:
                entry["duplicate_of"][kind] = seen[key]
        self.data.append(entry)

    def total(self):
        width = len(self.header)
        self.rows.append([dirt.Cell("合计"), dirt.Cell(f"共 {len(self.data)} 条")] + [dirt.Cell("")] * (width - 2))

    def expected(self, files):
        counts = {}
        for kind in ("csv", "xlsx"):
            good = [e for e in self.data if is_clean(e, kind)]
            counts[kind] = {"rows": len(self.data), "clean": len(good), "refused": len(self.data) - len(good),
                            "duplicate": sum(kind in e["duplicate_of"] for e in good)}
        return {"files": files, "header_row": 3, "columns": self.header, "key": self.key, "blank_rows": self.blank,
                "total_row": len(self.rows), "counts": counts, "rows": self.data}


def build_customers(rng, rows):
    sheet = Sheet("customer", CUSTOMER_HEADER, "客户档案明细表", "phone")
    sheet.head()
    phones = dirt.Pool()
    for index in range(1, rows + 1):
        if rng.random() < 0.001:
            sheet.blank_row()
        sheet.data_row(*customer_row(rng, index, phones))
    sheet.total()
    return sheet


def build_devices(rng, rows):
    sheet = Sheet("device", DEVICE_HEADER, "售后产品台账", "serial")
    sheet.head()
    serials, phones, index = dirt.Pool(), dirt.Pool(), 0
    while index < rows:
        if rng.random() < 0.001:
            sheet.blank_row()
        count = min(rng.choice((1, 1, 1, 1, 2, 3)), rows - index)
        owner = (dirt.name(rng), dirt.phone(rng, phones), dirt.address(rng)[1])
        first = len(sheet.rows) + 1
        for _ in range(count):
            index += 1
            sheet.data_row(*device_row(rng, index, serials, owner))
        if count > 1:
            sheet.merged += [(first, column, first + count - 1, column) for column in (6, 7, 8)]
    sheet.total()
    return sheet


def write_files(sheet, out):
    names = [f"{sheet.record}_utf8.csv", f"{sheet.record}_utf8_bom.csv", f"{sheet.record}_gb18030.csv", f"{sheet.record}.xlsx"]
    write_csv(out / names[0], sheet.rows, "utf-8")
    write_csv(out / names[1], sheet.rows, "utf-8-sig")
    write_csv(out / names[2], sheet.rows, "gb18030")
    write_xlsx(out / names[3], sheet.rows, sheet.merged, sheet.title)
    return names


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rows", type=int, default=50000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--out", type=Path, required=True)
    args = parser.parse_args()
    args.out.mkdir(parents=True, exist_ok=True)
    expected = {"seed": args.seed, "models": dirt.KNOWN_MODELS}
    for salt, build in (("customer", build_customers), ("device", build_devices)):
        sheet = build(random.Random(f"{args.seed}-{salt}"), args.rows)
        expected[salt] = sheet.expected(write_files(sheet, args.out))
    (args.out / "expected.json").write_text(json.dumps(expected, ensure_ascii=False), encoding="utf-8")


if __name__ == "__main__":
    main()
