"""Word documents for tests, as Word, WPS and attackers write them: parts in, bytes out."""
import io
import zipfile

REL = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
SPACES = ('xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" xmlns:r="' + REL + '" xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" '
          'xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing"')
HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
ROOT = (HEAD + f'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="{REL}/officeDocument" Target="word/document.xml"/></Relationships>')
STYLES = (HEAD + f'<w:styles {SPACES}><w:style w:type="paragraph" w:styleId="a3"><w:name w:val="Title"/></w:style>'
          '<w:style w:type="paragraph" w:styleId="1"><w:name w:val="heading 1"/><w:pPr><w:outlineLvl w:val="0"/></w:pPr></w:style>'
          '<w:style w:type="paragraph" w:styleId="20"><w:name w:val="标题 2"/></w:style></w:styles>')
LISTS = (HEAD + f'<w:numbering {SPACES}><w:abstractNum w:abstractNumId="0"><w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="decimal"/></w:lvl></w:abstractNum>'
         '<w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num></w:numbering>')


def run(text, look=""):
    return f'<w:r><w:rPr>{look}</w:rPr><w:t xml:space="preserve">{text}</w:t></w:r>'


def p(*runs, look=""):
    return f"<w:p><w:pPr>{look}</w:pPr>{''.join(r if r.startswith('<') else run(r) for r in runs)}</w:p>"


def title(text):
    return p(text, look='<w:pStyle w:val="a3"/>')


def heading(text):
    return p(text, look='<w:pStyle w:val="20"/>')


def step(text):
    return p(text, look='<w:numPr><w:ilvl w:val="0"/><w:numId w:val="1"/></w:numPr>')


def table(*rows):
    return "<w:tbl>" + "".join("<w:tr>" + "".join(f"<w:tc>{p(cell)}</w:tc>" for cell in row) + "</w:tr>" for row in rows) + "</w:tbl>"


def picture(rel, words=""):
    return f'<w:r><w:drawing><wp:inline><wp:docPr id="1" name="x" descr="{words}"/><a:blip r:embed="{rel}"/></wp:inline></w:drawing></w:r>'


def link(rel, text):
    return f'<w:hyperlink r:id="{rel}">{run(text)}</w:hyperlink>'


def docx(*body, pictures=(), links=(), parts=None, document=None):
    """pictures: (rel, bytes or an address elsewhere); links: (rel, address). `document`: its XML as it is; `parts`: others by path."""
    rels = [("s", "styles", "styles.xml", ""), ("n", "numbering", "numbering.xml", "")]
    media = {}
    for i, (rel, content) in enumerate(pictures):
        if isinstance(content, bytes):
            media[f"word/media/image{i}.png"] = content
            rels.append((rel, "image", f"media/image{i}.png", ""))
        else:
            rels.append((rel, "image", content, ' TargetMode="External"'))
    rels += [(rel, "hyperlink", address, ' TargetMode="External"') for rel, address in links]
    lines = "".join(f'<Relationship Id="{i}" Type="{REL}/{kind}" Target="{target}"{mode}/>' for i, kind, target, mode in rels)
    whole = {"[Content_Types].xml": HEAD + "<Types/>", "_rels/.rels": ROOT,
             "word/document.xml": document or HEAD + f"<w:document {SPACES}><w:body>{''.join(body)}</w:body></w:document>",
             "word/_rels/document.xml.rels": HEAD + f'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">{lines}</Relationships>',
             "word/styles.xml": STYLES, "word/numbering.xml": LISTS} | media | (parts or {})
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as z:
        for path, content in whole.items():
            z.writestr(path, content)
    return out.getvalue()
