"""Draws a clean value, then writes it down the way people and programs do; keeps both.

Every function returns what the cell shows and what it means, so that the expectation is never derived from the dirty
text. `refused` names the public error codes of src/base/errors.def. Draws from the given generator only.
"""
import datetime
from dataclasses import dataclass, field

# Refusals that hold for CSV only: in XLSX the cell still holds the whole number.
ONLY_CSV = {"number_rounded"}

SURNAMES = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎余潘杜戴夏钟汪田任姜范方石姚谭廖邹熊金陆郝孔白崔康毛邱秦江史顾侯邵孟龙万段雷钱汤尹黎易常武乔贺赖龚文"
COMPOUND = ["欧阳", "上官", "司马", "诸葛"]
GIVEN = "伟芳娜秀英敏静丽强磊军洋勇艳杰娟涛明超霞平刚桂兰玉梅建华文辉志宏宇晨欣怡子涵雨泽浩然佳慧思远晓东海燕春雪梦婷嘉俊凯旭鹏飞"
TITLES = ["先生", "女士", "小姐", "师傅", "老师", "经理"]
COMPANIES = ["北京蓝天酒店管理有限公司", "深圳市启明科技股份有限公司", "上海云栖物业服务有限公司", "成都天府餐饮有限责任公司"]
# province, city, district, street
PLACES = [
    ("广东省", "深圳市", "南山区", "科技园路"), ("广东省", "广州市", "天河区", "体育西路"), ("广东省", "佛山市", "顺德区", "容桂大道"),
    ("浙江省", "杭州市", "西湖区", "文三路"), ("浙江省", "宁波市", "鄞州区", "钱湖北路"), ("江苏省", "苏州市", "吴中区", "东吴南路"),
    ("江苏省", "南京市", "鼓楼区", "中山北路"), ("四川省", "成都市", "武侯区", "人民南路"), ("湖北省", "武汉市", "洪山区", "珞喻路"),
    ("山东省", "青岛市", "崂山区", "海尔路"), ("河南省", "郑州市", "金水区", "花园路"), ("陕西省", "西安市", "雁塔区", "小寨西路"),
    ("北京市", "北京市", "朝阳区", "建国路"), ("北京市", "北京市", "海淀区", "中关村大街"), ("上海市", "上海市", "浦东新区", "世纪大道"),
    ("天津市", "天津市", "河西区", "友谊路"), ("重庆市", "重庆市", "渝中区", "解放碑步行街"), ("广西壮族自治区", "南宁市", "青秀区", "民族大道"),
    ("内蒙古自治区", "呼和浩特市", "赛罕区", "大学东街"), ("云南省", "大理白族自治州", "大理市", "下关街道泰安路"), ("湖南省", "长沙市", "长沙县", "星沙大道"),
]
SHORT_PROVINCE = {"广西壮族自治区": "广西", "内蒙古自治区": "内蒙古"}
ESTATES = ["锦绣花园", "阳光小区", "翠湖苑", "金域公寓", "万科城"]
KINDS = {"KFR": "空调", "BCD": "冰箱", "XQG": "洗衣机", "JSQ": "燃气热水器", "ES": "电热水器", "WQP": "洗碗机"}
KNOWN_MODELS = [f"{k}-{n}{s}" for k in KINDS for n, s in
                ((35, "GW/A1"), (50, "LW/B2"), (72, "W3"), (100, "HD14"), (16, "TH6"), (520, "WDPD"))]
AREA_CODES = ["010", "021", "020", "022", "023", "025", "027", "028", "0755", "0571", "0512", "0532", "0371", "0898"]
MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
EXCEL_EPOCH = datetime.date(1899, 12, 30)


@dataclass
class Cell:
    """`text` is what CSV shows. In XLSX the same, or a number with a style (general, date, zeros)."""
    text: object
    number: bool = False
    value: object = None
    style: str = ""

    def __post_init__(self):
        if self.number and self.value is None:
            self.value = self.text
        self.text = str(self.text)


@dataclass
class Clean:
    cell: Cell
    value: object
    refused: list = field(default_factory=list)


@dataclass
class Name:
    cell: Cell
    name: str
    title: str


class Pool:
    """Values already given out, to draw duplicates from."""

    def __init__(self):
        self.seen, self.order = set(), []

    def fresh(self, draw):
        value = draw()
        while value in self.seen:
            value = draw()
        self.seen.add(value)
        self.order.append(value)
        return value


def wide(text):
    """Half-width letters, digits and punctuation as an input method set to full width leaves them."""
    return "".join(chr(ord(c) + 0xFEE0) if "!" <= c <= "~" else c for c in text)


def pick(rng, table):
    """`table`: (weight, function) pairs."""
    return rng.choices([f for _, f in table], [w for w, _ in table])[0]


def name(rng):
    if rng.random() < 0.03:
        company = rng.choice(COMPANIES)
        return Name(Cell(company), company, "")
    family = rng.choice(SURNAMES) if rng.random() < 0.98 else rng.choice(COMPOUND)
    if rng.random() < 0.15:
        title = rng.choice(TITLES)
        return Name(Cell(family + title), family, title)
    given = "".join(rng.choice(GIVEN) for _ in range(rng.choice((1, 2, 2, 2))))
    full = family + given
    shown = pick(rng, [(80, lambda: full), (4, lambda: f"{family} {given}"), (3, lambda: f"{family}　{given}"),
                       (3, lambda: f" {full} "), (3, lambda: " ".join(full)), (2, lambda: full + "\t"),
                       (2, lambda: f"{full}（老客户）"), (3, lambda: full + "\u200b")])()
    return Name(Cell(shown), full, "")


def mobile(rng):
    return rng.choice("13 15 17 18 19".split()) + f"{rng.randrange(10**9):09d}"


def phone(rng, pool):
    n = rng.choice(pool.order) if pool.order and rng.random() < 0.015 else pool.fresh(lambda: mobile(rng))
    good = lambda text, **kw: Clean(Cell(text, **kw), "+86" + n)
    bad = lambda text, *why, **kw: Clean(Cell(text, **kw), "+86" + n if why[0] in ONLY_CSV else None, list(why))
    as_number = dict(number=True, value=int(n))
    return pick(rng, [
        (280, lambda: good(n)), (260, lambda: good(n, **as_number)),
        (25, lambda: good(f"{n[:3]} {n[3:7]} {n[7:]}")), (25, lambda: good(f"{n[:3]}-{n[3:7]}-{n[7:]}")),
        (20, lambda: good("+86" + n)), (10, lambda: good("+86 " + n)), (8, lambda: good("0086" + n)), (8, lambda: good("86-" + n)),
        (6, lambda: good("(+86)" + n)), (20, lambda: good(wide(n))), (5, lambda: good("＋８６" + wide(n))), (20, lambda: good(n + "\t")),
        (6, lambda: good("'" + n)), (10, lambda: good(n + ".0", **as_number)), (8, lambda: good("0" + n)), (10, lambda: good(f"  {n} ")),
        (5, lambda: good("电话：" + n)), (5, lambda: good("\u202d" + n + "\u202c")),
        (8, lambda: good(f"{n[0]}.{n[1:]}E+10", **as_number)),
        (30, lambda: landline(rng)),
        (8, lambda: bad(f"{int(n) / 1e10:.2f}E+10", "number_rounded", **as_number)),
        (5, lambda: bad(n[:10], "phone_length")), (4, lambda: bad(n + "5", "phone_length")),
        (5, lambda: bad(rng.choice(["", "无", "-", "暂无"]), "field_required")),
        (5, lambda: bad(n[:3] + "****" + n[7:], "phone_masked")),
        (4, lambda: bad(f"{n}/{mobile(rng)}", "phone_several")), (3, lambda: bad(f"8{n[-7:]}", "phone_area")),
        (3, lambda: bad("微信联系", "phone_letters")), (2, lambda: bad("12" + n[2:], "phone_unknown")),
    ])()


def landline(rng):
    area = rng.choice(AREA_CODES)
    digits = 8 if area != "0898" else 7
    local = rng.choice("2345678") + f"{rng.randrange(10 ** (digits - 1)):0{digits - 1}d}"
    shown = pick(rng, [(4, lambda: f"{area}-{local}"), (2, lambda: f"({area}){local}"), (2, lambda: f"{area} {local}"), (2, lambda: area + local),
                       (1, lambda: f"{area}-{local}-8{local[-3:]}"), (1, lambda: f"{area}-{local}转8{local[-2:]}"), (1, lambda: wide(f"{area}-{local}"))])()
    return Clean(Cell(shown), f"+86{area[1:]}{local}")


def date(rng, first_year, last_year):
    first = datetime.date(first_year, 1, 1)
    day = first + datetime.timedelta(days=rng.randrange((datetime.date(last_year, 11, 1) - first).days))
    y, m, d = day.year, day.month, day.day
    serial = (day - EXCEL_EPOCH).days
    good = lambda text, **kw: Clean(Cell(text, **kw), day.isoformat())
    bad = lambda text, why: Clean(Cell(text), None, [why])
    both = min(m, d), max(m, d)
    american = good(f"{m}/{d}/{y}") if d > 12 or m == d else bad(f"{both[0]:02d}/{both[1]:02d}/{y}", "date_ambiguous")
    return pick(rng, [
        (200, lambda: good(f"{y}/{m}/{d}", number=True, value=serial, style="date")), (150, lambda: good(f"{y}-{m:02d}-{d:02d}")),
        (60, lambda: good(serial, number=True)), (60, lambda: good(f"{y}年{m}月{d}日")), (50, lambda: good(f"{y}{m:02d}{d:02d}")),
        (40, lambda: good(f"{y}.{m}.{d}")), (40, lambda: good(f"{d}-{MONTHS[m - 1]}-{y % 100:02d}")),
        (30, lambda: good(f"{y}-{m:02d}-{d:02d} 14:30:05")), (20, lambda: good(f"{y}/{m}/{d} 9:05", number=True, value=serial + 0.378472222222222, style="time")),
        (15, lambda: good(wide(f"{y}-{m}-{d}"))), (15, lambda: good(f"{y} 年 {m} 月 {d} 号")), (10, lambda: good(f"{y}-{m:02d}-{d:02d}T08:00:00Z")),
        (10, lambda: good(f"{MONTHS[m - 1]} {d}, {y}")), (10, lambda: good(f"{y % 100:02d}年{m}月{d}日")), (10, lambda: good(f"{y}年{m}月{d}日 星期二")),
        (12, lambda: american), (8, lambda: Clean(Cell(""), None)), (6, lambda: Clean(Cell("/"), None)),
        (4, lambda: bad(f"{y}-13-{d:02d}", "date_invalid")), (4, lambda: bad(f"{y}/2/30", "date_invalid")), (3, lambda: bad(f"{y}年{m}月", "date_incomplete")),
        (3, lambda: bad("去年夏天", "date_shape")), (2, lambda: bad(f"{y % 100:02d}.{m}.{min(d, 12)}", "date_ambiguous")),
    ])()


def money(rng):
    fen = rng.choice((0, 1, 1, 1)) * rng.randrange(100, 2_000_000)
    fen -= fen % rng.choice((1, 100, 100, 10000))
    yuan, rest = divmod(fen, 100)
    plain = f"{yuan}.{rest:02d}" if rest else str(yuan)
    good = lambda text, meaning=fen, **kw: Clean(Cell(text, **kw), meaning)
    bad = lambda text, why: Clean(Cell(text), None, [why])
    return pick(rng, [
        (200, lambda: good(plain, number=True, value=plain)), (100, lambda: good(plain)), (60, lambda: good(f"{yuan:,}.{rest:02d}")),
        (30, lambda: good(f"¥{plain}")), (30, lambda: good(f"￥{yuan:,}.{rest:02d}")), (30, lambda: good(f"{plain}元")), (15, lambda: good(wide(plain))),
        (10, lambda: good(f"{yuan:,} 元" if not rest else f"{yuan:,}.{rest:02d} 元")), (6, lambda: good(f"RMB {plain}")), (6, lambda: good(f"{yuan // 100 / 100:.2f}万", yuan // 100 * 10000)),
        (8, lambda: good("", None)), (3, lambda: bad("面议", "money_shape")), (3, lambda: bad(f"约{yuan}", "money_shape")), (3, lambda: bad(f"{yuan}.{rest:02d}7", "money_precision")),
    ])()


def address(rng):
    """The region cell and the street cell."""
    province, city, district, road = rng.choice(PLACES)
    short = SHORT_PROVINCE.get(province, province.rstrip("省市"))
    areas = [f"{province}{city}{district}", f"{province}/{city}/{district}", f"{short} {city} {district}", f"{province}-{city}-{district}",
             f"{short}{city}{district}"]
    if province == city:
        areas += [f"{city}{district}"] * 2
    street, number = rng.randrange(1, 999), f"{rng.randrange(1, 30)}栋{rng.randrange(1, 4)}单元{rng.randrange(1, 30)}0{rng.randrange(1, 5)}室"
    estate = rng.choice(ESTATES)
    plain = f"{road}{street}号{estate}{number}"
    shown, value = pick(rng, [
        (70, lambda: (plain, plain)), (8, lambda: (wide(plain), plain)), (5, lambda: (f"{road}{street}号\n{estate}{number}", f"{road}{street}号 {estate}{number}")),
        (5, lambda: (f'{road}{street}号"{estate}"{number}', f'{road}{street}号"{estate}"{number}')), (4, lambda: (f"{road}{street}号, {estate}{number}", f"{road}{street}号, {estate}{number}")),
        (4, lambda: (f"{road}{street}号\t{estate}{number}", f"{road}{street}号 {estate}{number}")), (4, lambda: (f" {plain}　", plain)),
    ])()
    return Clean(Cell(rng.choice(areas)), [province, city, district]), Clean(Cell(shown), value)


def serial(rng, pool):
    if pool.order and rng.random() < 0.01:
        s = rng.choice(pool.order)
    else:
        s = pool.fresh(lambda: pick(rng, [
            (6, lambda: f"{rng.choice(['AX', 'BX', 'QN'])}{rng.randrange(18, 26)}{rng.choice('ABCDEF')}{rng.randrange(10**7):07d}"),
            (2, lambda: f"00{rng.randrange(10**10):010d}"), (1, lambda: f"86{rng.randrange(10**13):013d}")])())
    good = lambda text, **kw: Clean(Cell(text, **kw), s)
    bad = lambda text, *why: Clean(Cell(text), None, list(why))
    as_is = (60, lambda: good(s))
    if s.startswith("86"):
        as_is = (60, lambda: good(s, number=True, value=int(s)) if rng.random() < 0.8 else
                 Clean(Cell(f"{int(s) / 1e14:.5f}E+14", number=True, value=int(s)), s, ["number_rounded"]))
    elif s.isdigit():
        as_is = (60, lambda: good(s, number=True, value=int(s), style="zeros") if rng.random() < 0.5 else good(s))
    return pick(rng, [
        as_is, (8, lambda: good(s.lower())), (4, lambda: good(s[:4] + " " + s[4:])), (4, lambda: good(wide(s))), (4, lambda: good("SN:" + s)),
        (3, lambda: good("S/N： " + s)), (5, lambda: good(s + "\t")), (3, lambda: good("'" + s)), (3, lambda: good(f"{s}\u00a0")),
        (1, lambda: bad(rng.choice(["", "无", "不详"]), "field_required")), (0.5, lambda: bad("见铭牌", "serial_characters")), (0.5, lambda: bad("12", "serial_length")),
    ])()


def model(rng):
    """Cell, the model it means or None, and the kind of product."""
    if rng.random() < 0.02:
        return Cell(rng.choice(["老款空调", "KFR-99X/旧", "未知型号", "BCD-2O0"])), None, "空调"
    m = rng.choice(KNOWN_MODELS)
    shown = pick(rng, [(80, lambda: m), (8, lambda: m.lower()), (5, lambda: wide(m)), (5, lambda: f" {m} "), (2, lambda: m.replace("-", " - "))])()
    return Cell(shown), m, KINDS[m.split("-")[0]]


def mail(rng):
    return f"{rng.choice(['wang', 'li', 'zhang', 'liu'])}{rng.randrange(10**5)}@{rng.choice(['qq.com', '163.com', 'example.com'])}"


def remark(rng):
    return rng.choices(["", "老客户，要求周末上门", '客户说"快一点"', "第一行\n第二行", "a,b;c", "电梯坏了\t走楼梯", "＝加急＝"], [70, 10, 5, 5, 4, 3, 3])[0]
