"""Writes rows of sheet_dirt.Cell as CSV and as XLSX, fast and the same bytes every time.

XLSX is written by hand (plain zip of XML): a library is slower by an order and stamps the current time. It holds shared
strings, numbers, date styles, a zero-padding format and merged cells, as the common programs write them.
"""
import csv
import zipfile
from xml.sax.saxutils import escape

# cellXfs index by style: 1 built-in date, 2 a custom Chinese date and time, 3 leading zeros.
STYLES = {"": 0, "date": 1, "time": 2, "zeros": 3}
STYLE_XML = """<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<styleSheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><numFmts count="2"><numFmt numFmtId="176" formatCode="yyyy&quot;年&quot;m&quot;月&quot;d&quot;日&quot;\\ h:mm;@"/><numFmt numFmtId="177" formatCode="000000000000"/></numFmts>
<fonts count="1"><font><sz val="11"/><name val="宋体"/></font></fonts><fills count="1"><fill><patternFill patternType="none"/></fill></fills><borders count="1"><border/></borders>
<cellStyleXfs count="1"><xf numFmtId="0"/></cellStyleXfs><cellXfs count="4"><xf numFmtId="0"/><xf numFmtId="14" applyNumberFormat="1"/><xf numFmtId="176" applyNumberFormat="1"/><xf numFmtId="177" applyNumberFormat="1"/></cellXfs></styleSheet>"""
PARTS = {
    "[Content_Types].xml": '<?xml version="1.0" encoding="UTF-8" standalone="yes"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/><Override PartName="/xl/worksheets/sheet1.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/><Override PartName="/xl/styles.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.styles+xml"/><Override PartName="/xl/sharedStrings.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sharedStrings+xml"/></Types>',
    "_rels/.rels": '<?xml version="1.0" encoding="UTF-8" standalone="yes"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="xl/workbook.xml"/></Relationships>',
    "xl/_rels/workbook.xml.rels": '<?xml version="1.0" encoding="UTF-8" standalone="yes"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet1.xml"/><Relationship Id="rId2" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/styles" Target="styles.xml"/><Relationship Id="rId3" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/sharedStrings" Target="sharedStrings.xml"/></Relationships>',
    "xl/styles.xml": STYLE_XML,
}


def write_csv(path, rows, encoding):
    with open(path, "w", encoding=encoding, newline="") as out:
        writer = csv.writer(out, lineterminator="\r\n")
        for row in rows:
            texts = [c.text for c in row]
            if any(texts):
                writer.writerow(texts)
            else:
                out.write("," * (len(row) - 1) + "\r\n")


def column_name(column):
    return chr(65 + column)     # the lists are narrower than 26 columns


def write_xlsx(path, rows, merged, sheet_name):
    strings, body = {}, []
    hidden = {(r, c) for r0, c0, r1, c1 in merged for r in range(r0, r1 + 1) for c in range(c0, c1 + 1) if (r, c) != (r0, c0)}
    for number, row in enumerate(rows, 1):
        cells = []
        for column, cell in enumerate(row):
            where = f"{column_name(column)}{number}"
            if (number, column) in hidden:
                cells.append(f'<c r="{where}"/>')
            elif cell.number:
                style = f' s="{STYLES[cell.style]}"' if cell.style else ""
                cells.append(f'<c r="{where}"{style}><v>{cell.value}</v></c>')
            elif cell.text:
                cells.append(f'<c r="{where}" t="s"><v>{strings.setdefault(cell.text, len(strings))}</v></c>')
        if cells:
            body.append(f'<row r="{number}">{"".join(cells)}</row>')
    merges = "".join(f'<mergeCell ref="{column_name(c0)}{r0}:{column_name(c1)}{r1}"/>' for r0, c0, r1, c1 in merged)
    sheet = ('<?xml version="1.0" encoding="UTF-8" standalone="yes"?><worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
             f'<sheetData>{"".join(body)}</sheetData><mergeCells count="{len(merged)}">{merges}</mergeCells></worksheet>')
    shared = "".join(f'<si><t xml:space="preserve">{escape(s)}</t></si>' for s in strings)
    workbook = ('<?xml version="1.0" encoding="UTF-8" standalone="yes"?><workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" '
                f'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets><sheet name="{escape(sheet_name)}" sheetId="1" r:id="rId1"/></sheets></workbook>')
    parts = dict(PARTS)
    parts["xl/workbook.xml"] = workbook
    parts["xl/sharedStrings.xml"] = ('<?xml version="1.0" encoding="UTF-8" standalone="yes"?><sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" '
                                     f'uniqueCount="{len(strings)}">{shared}</sst>')
    parts["xl/worksheets/sheet1.xml"] = sheet
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as archive:
        for part, text in parts.items():
            archive.writestr(zipfile.ZipInfo(part, (2025, 11, 20, 9, 30, 0)), text.encode("utf-8"), zipfile.ZIP_DEFLATED)
