"""Does a statement bind the tenant of every table it names? A check of the text: simple, strict, and deaf to excuses.

For each table after FROM, JOIN, UPDATE or INTO it wants, in the SELECT (or UPDATE, DELETE) that names the table, a condition
joined by AND in WHERE or ON: `alias.tenant = $tenant`, `alias.tenant = other.tenant` of a bound table, or the same as
members of row values: `(a.tenant, a.id) = (b.tenant, b.a_id)`. The ON of an outer join binds only the table joined there.
An INSERT gives $tenant (or the tenant of a bound table) in the place of its column tenant.
"""
from source import Fault

BEFORE = {'where', 'and', 'on'}
AFTER = {'and', 'order', 'group', 'having', 'limit', 'offset', 'union', 'except', 'intersect', 'join', 'left', 'inner', 'cross', 'right',
         'full', 'where', 'returning', 'on', 'do', 'set', 'for', 'window', ')', ';', ''}
NOT_ALIAS = AFTER | {'as', 'using', 'values', 'select', 'from', '(', ',', 'default', 'indexed', 'natural'}


class Named:
    """A table named in the statement: by which alias, in which parentheses, how joined."""

    def __init__(self, table, alias, group, outer, at):
        self.table, self.alias, self.group, self.outer, self.at = table, alias, group, outer, at


class Statement:
    def __init__(self, found, path, schema):
        self.t, self.path, self.schema = found, path, schema
        self.groups = self.find_groups()
        self.refuse_odd()
        self.ctes = {self.t[i].low for i in range(len(self.t) - 2) if self.t[i].kind == 'word' and self.is_cte(i)}
        self.named = list(self.find_named())

    def low(self, at):
        return self.t[at].low if 0 <= at < len(self.t) else ''

    def find_groups(self):
        """For each token the index of the `(` of its SELECT, -1 at the top; None inside of other parentheses and of CASE."""
        out, stack = [], [-1]
        for at, token in enumerate(self.t):
            if (token.text == ')' or token.low == 'end') and len(stack) > 1:
                stack.pop()
            out.append(stack[-1])
            if token.low == 'case':
                stack.append(None)
            if token.text == '(':
                stack.append(at if self.low(at + 1) in ('select', 'with', 'insert', 'update', 'delete', 'values') else None)
        return out

    def refuse_odd(self):
        """What this check does not follow."""
        for at, token in enumerate(self.t):
            if token.low in ('right', 'full') and self.low(at + 1) in ('join', 'outer'):
                raise Fault(self.path, token.line, 'write LEFT JOIN')
            if token.low in self.schema.tables and self.is_cte(at):
                raise Fault(self.path, token.line, f'WITH {token.low}: a table has this name')

    def is_cte(self, at):
        if self.low(at - 1) not in ('with', 'recursive', ','):
            return False
        end = at + 1
        if self.low(end) == '(' and self.groups[min(end + 1, len(self.t) - 1)] is None:
            end = self.closing(end) + 1
        return self.low(end) == 'as' and self.low(end + 1) in ('(', 'materialized', 'not')

    def closing(self, at):
        depth = 0
        for i in range(at, len(self.t)):
            depth += (self.t[i].text == '(') - (self.t[i].text == ')')
            if depth == 0:
                return i
        raise Fault(self.path, self.t[at].line, 'parentheses do not match')

    def find_named(self):
        t = self.t
        for at, token in enumerate(t):
            if token.low not in ('from', 'join', 'into', 'update') or token.kind != 'word':
                continue
            if token.low == 'from' and (self.groups[at] is None or self.low(at - 1) == 'distinct'):
                continue                      # extract(x FROM y), IS DISTINCT FROM
            if token.low == 'update' and self.low(at - 1) in ('do', 'for'):
                continue                      # ON CONFLICT DO UPDATE, FOR UPDATE
            name = self.low(at + 1)
            if name == '(' or self.low(at + 2) == '(' and token.low not in ('into',):
                self.no_comma(at + 1)
                continue                      # a subquery, looked at by itself; or a table function
            if name in self.ctes or name in self.schema.raw_tables:
                self.no_comma(at + 1)
                continue
            if name not in self.schema.tables:
                raise Fault(self.path, token.line, f'there is no table {name}')
            alias_at = at + 3 if self.low(at + 2) == 'as' else at + 2
            has_alias = alias_at < len(t) and t[alias_at].kind == 'word' and t[alias_at].low not in NOT_ALIAS
            self.no_comma(alias_at if has_alias else at + 1)
            outer = token.low == 'join' and 'left' in (self.low(at - 1), self.low(at - 2))
            yield Named(self.schema.tables[name], t[alias_at].low if has_alias else name, self.groups[at], outer, at)

    def no_comma(self, at):
        end = self.closing(at) if self.low(at) == '(' else at
        if self.low(end + 1) == ',' and self.groups[end + 1] is not None and self.low(end + 2) in self.schema.tables:
            raise Fault(self.path, self.t[end + 1].line, 'no commas between tables: write JOIN … ON')

    def tenant_at(self, at):
        """(alias or None for $tenant, tokens taken) when a tenant stands here, else None."""
        if self.low(at) == '$tenant':
            return None, 1
        if self.low(at) == 'tenant' and self.low(at - 1) != '.' and self.low(at + 1) != '.' and len(self.named) == 1:
            return self.named[0].alias, 1
        if self.low(at + 1) == '.' and self.low(at + 2) == 'tenant' and self.t[at].kind == 'word':
            return self.low(at), 3
        return False

    def row_value(self, at):
        """For `(a, b.c, …)` the member that is a tenant as (place, alias), and where it ends."""
        end, place, found = self.closing(at), 0, None
        for i in range(at + 1, end):
            if self.t[i].text == ',':
                place += 1
            elif self.t[i - 1].text in ('(', ','):
                one = self.tenant_at(i)
                if one and self.low(i + one[1]) in (',', ')'):
                    found = found or (place, one[0])
        return found, end

    def pairs(self):
        """(alias or None, alias or None, index) for each equality of tenants that holds for every row."""
        for at in range(1, len(self.t)):
            if self.groups[at] is None or self.low(at - 1) not in BEFORE or self.ends_between(at - 1):
                continue
            left, right = self.side(at), None
            if left and self.low(left[2]) == '=':
                right = self.side(left[2] + 1)
            if right and left[0] == right[0] and self.low(right[2]) in AFTER and not self.has_or(at):
                yield left[1], right[1], at

    def ends_between(self, at):
        """Is this AND the one of BETWEEN … AND?"""
        for i in range(at - 1, -1, -1):
            if self.groups[i] == self.groups[at] and self.low(i) in BEFORE | {'between', 'select'}:
                return self.low(i) == 'between'
        return False

    def side(self, at):
        """(place in a row value or -1, alias, index after) of one side of an equality."""
        if self.low(at) == '(':
            found, end = self.row_value(at)
            return (found[0], found[1], end + 1) if found else None
        one = self.tenant_at(at)
        return (-1, one[0], at + one[1]) if one else None

    def has_or(self, at):
        """Is there an OR beside this condition, so that it need not hold? Looks at the whole clause."""
        group, ends = self.groups[at], ('where', 'on', 'select', 'order', 'group', 'returning', 'union', 'join', 'having', 'limit')
        for step in (-1, 1):
            i = at
            while 0 <= i < len(self.t) and not (self.groups[i] == group and self.low(i) in ends and i != at):
                if self.groups[i] == group and self.low(i) == 'or':
                    return True
                if self.groups[i] == group and self.low(i) in (')', ';') and step == 1 and i == group:
                    break
                i += step
        return False

    def joined_here(self, at):
        """The table whose ON this condition is in, when that join is an outer one."""
        group = self.groups[at]
        for i in range(at, -1, -1):
            if self.groups[i] == group and self.low(i) in ('where', 'select', 'from', 'having'):
                return None
            if self.groups[i] == group and self.low(i) == 'join':
                outer = 'left' in (self.low(i - 1), self.low(i - 2))
                return next((n.alias for n in self.named if n.at == i), '') if outer else None
        return None

    def insert_tenant(self, named, bound):
        """INSERT INTO t (…, tenant, …) VALUES or SELECT with the tenant in the same place."""
        if self.low(named.at) != 'into':
            return False
        open = next((i for i in (named.at + 2, named.at + 3, named.at + 4) if self.low(i) == '('), None)
        if open is None:
            return False
        end = self.closing(open)
        names = [self.low(i) for i in range(open + 1, end) if self.t[i].kind == 'word']
        if 'tenant' not in names:
            return False
        values = self.low(end + 1) == 'values'
        if values and self.low(self.closing(end + 2) + 1) == ',':
            return False                      # only the first row would be looked at
        at, place, depth = end + (3 if values else 2), 0, 0
        while at < len(self.t) and place < names.index('tenant'):
            depth += (self.low(at) == '(') - (self.low(at) == ')')
            place += self.low(at) == ',' and depth == 0
            at += 1
        one = self.tenant_at(at)
        return bool(one) and self.low(at + one[1]) in (',', ')', 'from', 'where', '') and (one[0] is None or one[0] in bound)

    def check(self):
        wanted = [n for n in self.named if n.table.has_tenant]
        aliases = [n.alias for n in self.named]
        for n in self.named:
            if aliases.count(n.alias) > 1:
                raise Fault(self.path, self.t[n.at].line, f'{n.alias} names two tables: give each an alias of its own')
        bound, pairs = {}, list(self.pairs())
        grew = True
        while grew:
            before = len(bound)
            for left, right, at in pairs:
                for one, other in ((left, right), (right, left)):
                    named = next((n for n in wanted if n.alias == one), None)
                    here = self.joined_here(at)
                    if named and self.groups[at] == named.group and (other is None or other in bound) and here in (None, one):
                        bound[one] = True
            for n in wanted:
                if self.insert_tenant(n, bound):
                    bound[n.alias] = True
            grew = len(bound) > before
        for n in wanted:
            if n.alias not in bound:
                raise Fault(self.path, self.t[n.at].line, f'table {n.table.name}: {n.alias}.tenant = $tenant is missing '
                            '(or mark the query `all_tenants "reason"`)')
