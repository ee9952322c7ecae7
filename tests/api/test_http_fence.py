"""The HTTP front against hostile, broken and slow clients: bytes on a socket, nothing in between."""
import concurrent.futures
import gzip
import json
import time

import pytest
from wire import Server

INDEX = '<!doctype html><title>console</title>' + '<p>page</p>' * 100
BROTLI = b'what the build squeezed'  # a server sends it as it lies there


@pytest.fixture(scope='module')
def server(tmp_path_factory):
	pages = tmp_path_factory.mktemp('pages')
	(pages / 'assets').mkdir()
	(pages / 'index.html').write_text(INDEX)
	(pages / 'index.html.gz').write_bytes(gzip.compress(INDEX.encode()))
	(pages / 'index.html.br').write_bytes(BROTLI)
	(pages / 'assets' / 'main-Abcd1234.js').write_text('export const x = 1;' * 200)
	(pages / 'secret.map').write_text('{}')
	phone = tmp_path_factory.mktemp('phone')
	(phone / 'index.html').write_text('<!doctype html><title>phone</title>')
	(phone.parent / 'outside.txt').write_text('must not be served')
	running = Server('net_test_server', pages, phone)
	yield running
	running.stop()


JSON = 'Content-Type: application/json'
HEAD = 'POST /api/v1/echo HTTP/1.1\r\nHost: test\r\nContent-Type: application/json\r\n'
SMUGGLED = 'GET /api/v1/echo?smuggled HTTP/1.1\r\nHost: test\r\n\r\n'

# A proxy and a server that read one of these differently can be made to see different requests.
SMUGGLING = {
	'two equal lengths': HEAD + 'Content-Length: 5\r\nContent-Length: 5\r\n\r\nhello',
	'two different lengths': HEAD + 'Content-Length: 5\r\nContent-Length: 0\r\n\r\nhello',
	'list of lengths': HEAD + 'Content-Length: 5, 5\r\n\r\nhello',
	'signed length': HEAD + 'Content-Length: +5\r\n\r\nhello',
	'hexadecimal length': HEAD + 'Content-Length: 0x5\r\n\r\nhello',
	'huge length': HEAD + 'Content-Length: 18446744073709551621\r\n\r\nhello',
	'empty length': HEAD + 'Content-Length:\r\n\r\n',
	'length and chunks': HEAD + 'Content-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n',
	'chunks and length': HEAD + 'Transfer-Encoding: chunked\r\nContent-Length: 4\r\n\r\n0\r\n\r\n',
	'two codings': HEAD + 'Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n\r\n0\r\n\r\n',
	'list of codings': HEAD + 'Transfer-Encoding: identity, chunked\r\n\r\n0\r\n\r\n',
	'unknown coding': HEAD + 'Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n',
	'quoted coding': HEAD + 'Transfer-Encoding: "chunked"\r\n\r\n0\r\n\r\n',
	'chunks in 1.0': 'POST /api/v1/echo HTTP/1.0\r\nHost: test\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n',
	'blank before colon': HEAD + 'Content-Length : 5\r\n\r\nhello',
	'tab before colon': HEAD + 'Transfer-Encoding\t: chunked\r\n\r\n0\r\n\r\n',
	'blank in a name': HEAD + 'X Y: 1\r\nContent-Length: 0\r\n\r\n',
	'blank line is a bare line feed': HEAD + 'Content-Length: 0\r\n\n',
	'name and value are empty': HEAD + ':\r\nContent-Length: 5\r\n\r\nhello',
	'name is empty, last': HEAD + 'Content-Length: 0\r\n: 1\r\n\r\n',
	'name is empty': HEAD + ': 1\r\nContent-Length: 0\r\n\r\n',
	'folded header': HEAD + 'X-A: 1\r\n Content-Length: 5\r\nContent-Length: 0\r\n\r\n',
	'folded coding': HEAD + 'Transfer-Encoding:\r\n chunked\r\n\r\n0\r\n\r\n',
	'folded last header': HEAD + 'Content-Length: 0\r\nX-A: 1\r\n\tmore\r\n\r\n',
	'first line folded': 'POST /api/v1/echo HTTP/1.1\r\n X: y\r\nHost: test\r\nContent-Length: 0\r\n\r\n',
	'bare line feed': HEAD + 'X-A: 1\nContent-Length: 0\r\n\r\n',
	'bare line feed, last': HEAD + 'Content-Length: 0\r\nX-A: 1\n\r\n',
	'bare line feed, first line': 'POST /api/v1/echo HTTP/1.1\nHost: test\r\nContent-Length: 0\r\n\r\n',
	'bare carriage return': HEAD + 'X-A: 1\rContent-Length: 5\r\nContent-Length: 0\r\n\r\n',
	'NUL in a value': HEAD + 'X-A: 1\x00\r\nContent-Length: 0\r\n\r\n',
	'NUL hides a header': HEAD + 'X-A: 1\x00Content-Length: 5\r\nContent-Length: 0\r\n\r\n',
	'control character': HEAD + 'X-A: 1\x0b2\r\nContent-Length: 0\r\n\r\n',
	'two hosts': 'GET /api/v1/echo HTTP/1.1\r\nHost: test\r\nHost: other\r\n\r\n',
	'no host': 'GET /api/v1/echo HTTP/1.1\r\n\r\n',
	'host with path': 'GET /api/v1/echo HTTP/1.1\r\nHost: test/other\r\n\r\n',
	'host with user': 'GET /api/v1/echo HTTP/1.1\r\nHost: a@test\r\n\r\n',
	'body on GET': 'GET /api/v1/echo HTTP/1.1\r\nHost: test\r\nContent-Length: 5\r\n\r\nhello',
	'chunks on GET': 'GET /api/v1/echo HTTP/1.1\r\nHost: test\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n',
	'absolute target': 'GET http://other/api/v1/echo HTTP/1.1\r\nHost: test\r\n\r\n',
	'two blanks in the first line': 'GET  /api/v1/echo HTTP/1.1\r\nHost: test\r\n\r\n',
	'tab in the first line': 'GET\t/api/v1/echo\tHTTP/1.1\r\nHost: test\r\n\r\n',
	'blank in the target': 'GET /api/v1/echo HTTP/1.1 HTTP/1.1\r\nHost: test\r\n\r\n',
	'blank after the version': 'GET /api/v1/echo HTTP/1.1 \r\nHost: test\r\n\r\n',
	'version 1.2': 'GET /api/v1/echo HTTP/1.2\r\nHost: test\r\n\r\n',
	'version 2': 'GET /api/v1/echo HTTP/2.0\r\nHost: test\r\n\r\n',
	'no version': 'GET /api/v1/echo\r\nHost: test\r\n\r\n',
	'odd expectation': HEAD + 'Expect: 200-ok\r\nContent-Length: 0\r\n\r\n',
	'two expectations': HEAD + 'Expect: 100-continue\r\nExpect: 100-continue\r\nContent-Length: 0\r\n\r\n',
	'expectation in 1.0': 'POST /api/v1/echo HTTP/1.0\r\nHost: test\r\nExpect: 100-continue\r\nContent-Length: 0\r\n\r\n',
}


# Not even read: libmicrohttpd answers these itself, as a page, or hangs up. The others meet the fence.
UNREADABLE = {'list of lengths', 'signed length', 'hexadecimal length', 'huge length', 'empty length', 'tab in the first line',
	'blank after the version', 'version 2', 'no version'}


def is_ours(reply):
	return reply.json()['error']['request_id'] == reply.headers['x-request-id']


@pytest.mark.quick
@pytest.mark.parametrize('shape', SMUGGLING)
def test_smuggling_shape_is_refused_and_nothing_behind_it_is_answered(server, shape):
	with server.connect() as wire:
		wire.send(SMUGGLING[shape].encode('latin-1'), SMUGGLED)
		reply = wire.reply()
		if shape in UNREADABLE:
			assert reply is None or 400 <= reply.status < 600, reply.body
		else:
			assert reply.status in (400, 417) and is_ours(reply)
		# libmicrohttpd writes the head of its own refusals twice; what counts is that no request was answered
		seen = (reply.body if reply else b'') + wire.rest()
		assert b'smuggled' not in seen and b'200 OK' not in seen


@pytest.mark.quick
def test_what_is_refused_leaves_a_line_in_the_log(tmp_path):
	running = Server('net_test_server')
	with running.connect() as wire:
		refused = wire.send(SMUGGLING['two hosts']).reply()
	with running.connect() as wire:
		assert wire.send(SMUGGLING['version 2']).reply().status == 505
	lines = [json.loads(line) for line in running.stop().splitlines()]
	assert [line['why'] for line in lines if line.get('request') == refused.headers['x-request-id']] == ['duplicate']
	assert [line['status'] for line in lines if line['what'] == 'request unreadable'] == ['505']


CHUNKED = HEAD + 'Transfer-Encoding: chunked\r\n\r\n'

CHUNKS = {
	'sign': '+5\r\nhello\r\n0\r\n\r\n',
	'hexadecimal prefix': '0x5\r\nhello\r\n0\r\n\r\n',
	'blank before': ' 5\r\nhello\r\n0\r\n\r\n',
	'blank after': '5 \r\nhello\r\n0\r\n\r\n',
	'not a number': 'z\r\nhello\r\n0\r\n\r\n',
	'too large': 'ffffffffffffffff5\r\nhello\r\n0\r\n\r\n',
	'more than said': '4\r\nhello\r\n0\r\n\r\n',
	'no size': '\r\nhello\r\n0\r\n\r\n',
}


@pytest.mark.parametrize('shape', CHUNKS)
def test_broken_chunk_ends_the_connection(server, shape):
	with server.connect() as wire:
		wire.send(CHUNKED, CHUNKS[shape], SMUGGLED)
		reply = wire.reply()
		assert reply is None or 400 <= reply.status < 600, reply.body
		assert wire.is_closed()


def test_chunks_are_joined(server):
	with server.connect() as wire:
		wire.send(CHUNKED, '2\r\n{"\r\n5;note=1\r\na":1}\r\n0\r\n\r\n')
		assert wire.reply().json()['body'] == '{"a":1}'
		assert wire.get('/api/v1/echo').status == 200


@pytest.mark.parametrize('target', [
	'/api/v1/../v1/echo', '/api/v1/./echo', '/api/v1/%2e%2e/echo', '/api/v1//echo', '/api/v1/thing/a%2Fb', '/api/v1/thing/a%5cb',
	'/api/v1/thing/%00', '/api/v1/thing/%0a', '/api/v1/thing/%zz', '/api/v1/thing/%4', '/api/v1/thing/%', '/api/v1/thing/%c0%af',
	'/api/v1/thing/%ed%a0%80', '/api/v1/thing/%ff', '/api/v1/echo?q=%', '/api/v1/echo?q=%ff', '/api/v1/echo?q=%00',
	'/../outside.txt', '/..%2foutside.txt', '/assets/../../outside.txt', '/\x7f', '/é', '*', 'api',
])
@pytest.mark.quick
def test_bad_target_is_refused(server, target):
	with server.connect() as wire:
		wire.send(f'GET {target} HTTP/1.1\r\nHost: test\r\n\r\n'.encode('utf-8'))
		assert wire.reply().status == 400


@pytest.mark.parametrize('method', ['get', 'TRACE', 'CONNECT', 'PROPFIND', 'G%45T', 'PRI'])
def test_unknown_method_is_refused(server, method):
	with server.connect() as wire:
		wire.send(f'{method} /api/v1/echo HTTP/1.1\r\nHost: test\r\n\r\n')
		assert wire.reply().status in (400, 405, 501)


@pytest.mark.parametrize('lines, status', [
	(['GET /api/v1/echo?q=' + 'a' * 52100 + ' HTTP/1.1', 'Host: test'], 414),
	(['GET /api/v1/echo?q=' + 'a' * 63000 + ' HTTP/1.1', 'Host: test'], 414),
	(['GET /api/v1/echo?' + 'a&' * 20000 + ' HTTP/1.1', 'Host: test'], 400),
	(['GET /api/v1/echo HTTP/1.1', 'Host: test', 'X-A: ' + 'a' * 5000], 431),
	(['GET /api/v1/echo HTTP/1.1', 'Host: test', 'X-A: ' + 'a' * 60000], 431),
	(['GET /api/v1/echo HTTP/1.1', 'Host: test', 'Cookie: a=' + 'a' * 5000], 431),
	(['GET /api/v1/echo HTTP/1.1', 'Host: test'] + [f'X-{i}: 1' for i in range(80)], 431),
	(['GET /api/v1/echo HTTP/1.1', 'Host: test'] + [f'X-{i}: ' + 'a' * 4000 for i in range(14)], 431),
	(['GET /api/v1/echo?q=' + 'a' * 52000 + ' HTTP/1.1', 'Host: test', 'X-A: ' + 'a' * 3500], 431),
	(['GET /api/v1/echo HTTP/1.1', 'Host: test', 'X' * 200 + ': 1'], 431),
	(['GET /api/v1/echo HTTP/1.1', 'Host: test', 'Cookie: novalue'], 400),
	(['GET /api/v1/echo HTTP/1.1', 'Host: test', 'Cookie: a=1', 'Cookie: b=2'], 400),
])
def test_head_over_a_limit_is_refused(server, lines, status):
	with server.connect() as wire:
		wire.send('\r\n'.join(lines + ['', '']))
		reply = wire.reply()
		assert reply.status == status and is_ours(reply)
		assert wire.is_closed()


@pytest.mark.parametrize('lines, status', [
	(['GET /api/v1/echo?q=' + 'a' * 70000 + ' HTTP/1.1', 'Host: test'], 414),
	(['GET /api/v1/echo HTTP/1.1', 'Host: test', 'X-A: ' + 'a' * 70000], 431),
	(['GET /api/v1/echo HTTP/1.1', 'Host: test', 'no colon'], 400),
])
def test_head_that_cannot_be_held_or_read_is_refused(server, lines, status):
	with server.connect() as wire:
		wire.send('\r\n'.join(lines + ['', '']))
		assert wire.reply().status == status
		wire.rest()


@pytest.mark.quick
def test_head_that_just_fills_the_memory_of_its_connection_leaves_nothing_behind(server):
	"""libmicrohttpd answers these itself, or hangs up, after it has shown their target: `stop` finds what would be left of them."""
	for length in range(50000, 68000, 125):
		with server.connect() as wire:
			wire.send(f'GET /api/v1/echo?q={"a" * length} HTTP/1.1\r\nHost: test\r\nAccept: */*\r\nCookie: a={"b" * 100}\r\nX-Y: {"c" * 60}\r\n\r\n')
			wire.socket.recv(4096)
	with server.connect() as wire:
		assert wire.get('/api/v1/echo').status == 200


def test_large_but_lawful_head_arrives(server):
	headers = [f'X-{i}: ' + 'v' * 150 for i in range(50)]
	with server.connect() as wire:
		reply = wire.get('/api/v1/echo?q=' + '%E4%BA%BA' * 100, *headers, 'Cookie: a="1"; b=2;c=x=y')
		assert reply.json()['query'] == {'q': '人' * 100}
		assert reply.json()['cookies'] == {'a': '1', 'b': '2', 'c': 'x=y'}


def test_largest_lawful_head_arrives_with_its_body_and_leaves_room_for_the_reply(server):
	cookies = '; '.join(f'c{i}={"x" * 120}' for i in range(32))
	fixed = ['Host: test', 'Origin: http://test', JSON, 'Content-Length: 60000', f'Cookie: {cookies}'] + [f'X-{i}: 1' for i in range(59)]
	rest = 53600 - len('POST /api/v1/echo?q= HTTP/1.1\r\n' + '\r\n'.join(fixed) + '\r\n\r\n')
	body = '"' + 'b' * 59998 + '"'
	with server.connect() as wire:
		for _ in range(2):
			wire.send('\r\n'.join([f'POST /api/v1/echo?q={"a" * rest} HTTP/1.1', *fixed, '', '']), body)
			reply = wire.reply()
			assert reply.status == 200 and reply.json()['body'] == body
			assert len(reply.json()['query']['q']) == rest and len(reply.json()['cookies']) == 32


def test_path_query_and_parameters_are_decoded_once(server):
	with server.connect() as wire:
		got = wire.get('/api/v1/thing/%E5%AE%89%2525?a=1+2&b=%2B&c&a=3').json()
		assert got['params'] == {'id': '安%25'}
		assert got['query'] == {'a': '3', 'b': '+', 'c': ''}
		assert got['path'] == '/api/v1/thing/安%25'


def test_literal_wins_over_parameter(server):
	with server.connect() as wire:
		assert wire.get('/api/v1/thing/counts').json()['params'] == {}
		assert wire.get('/api/v1/thing/7').json()['params'] == {'id': '7'}
		headers = ['Content-Type: application/json']
		got = wire.post('/api/v1/thing/7/action/close', '{}', *headers).json()
		assert got['params'] == {'id': '7', 'action': 'close'}


def test_unknown_path_and_method_say_so_in_the_users_language(server):
	with server.connect() as wire:
		reply = wire.get('/api/v1/nothing', 'Accept-Language: en-GB,en;q=0.9,zh;q=0.1')
		assert (reply.status, reply.code()) == (404, 'not_found')
		assert 'Not found' in reply.json()['error']['message']
		assert reply.json()['error']['request_id'] == reply.headers['x-request-id']
		reply = wire.post('/api/v1/thing/counts', '{}', 'Content-Type: application/json')
		assert (reply.status, reply.headers['allow']) == (405, 'GET, HEAD, OPTIONS')
		assert '不支持' in reply.json()['error']['message']
		assert wire.get('/api/v1/echo').status == 200


def test_options_and_head(server):
	with server.connect() as wire:
		wire.send('OPTIONS /api/v1/thing/7 HTTP/1.1\r\nHost: test\r\n\r\n')
		reply = wire.reply()
		assert (reply.status, reply.headers['allow']) == (204, 'GET, HEAD, PATCH, OPTIONS')
		assert not any(name.startswith('access-control') for name in reply.headers)
		wire.send('HEAD /api/v1/echo HTTP/1.1\r\nHost: test\r\n\r\n')
		reply = wire.reply(head_only=True)
		assert reply.status == 200 and int(reply.headers['content-length']) > 10
		assert wire.get('/api/v1/echo').json()['method'] == 'GET'


def test_every_reply_carries_the_security_headers(server):
	with server.connect() as wire:
		for reply in (wire.get('/api/v1/echo'), wire.get('/api/v1/nothing')):
			assert reply.headers['x-content-type-options'] == 'nosniff'
			assert "frame-ancestors 'none'" in reply.headers['content-security-policy']
			assert reply.headers['cache-control'] == 'no-store'
			assert 'date' in reply.headers


def test_field_errors_are_listed(server):
	with server.connect() as wire:
		error = wire.get('/api/v1/fields', 'Accept-Language: en').json()['error']
		assert error['field'] == 'phone'
		assert [f['code'] for f in error['fields']] == ['field_phone', 'field_too_long']
		assert '80' in error['fields'][1]['message']


@pytest.mark.parametrize('given, taken', [('abc-12345678', True), ('x' * 65, False), ('a b', False), ('a"},{"', False), ('', False)])
def test_request_id_is_taken_only_when_safe(server, given, taken):
	with server.connect() as wire:
		assert (wire.get('/api/v1/echo', f'X-Request-Id: {given}').headers['x-request-id'] == given) is taken


@pytest.mark.parametrize('value', ['a%0d%0aSet-Cookie: x=1', 'a%0aX: y', '%09tab'])
def test_reply_header_with_control_characters_is_never_sent(server, value):
	with server.connect() as wire:
		reply = wire.get(f'/api/v1/inject?value={value.replace(" ", "%20")}')
		assert reply.status == 500
		assert 'set-cookie' not in reply.headers and 'x' not in reply.headers


def test_late_answer_from_another_thread(server):
	def ask(_):
		with server.connect() as wire:
			return [wire.get('/api/v1/late?n=1').json()['query'] for _ in range(5)]
	with concurrent.futures.ThreadPoolExecutor(8) as pool:
		assert all(answers == [{'n': '1'}] * 5 for answers in pool.map(ask, range(16)))


def test_pipelined_requests_are_answered_in_order(server):
	with server.connect() as wire:
		wire.send(*(f'GET /api/v1/{path}?n={i} HTTP/1.1\r\nHost: test\r\n\r\n' for i, path in enumerate(['late', 'echo', 'late'])))
		assert [wire.reply().json()['query']['n'] for _ in range(3)] == ['0', '1', '2']


@pytest.mark.parametrize('headers, status', [
	(['Origin: http://test'], 200),
	(['Origin: https://test'], 200),
	(['Origin: http://test.evil'], 403),
	(['Origin: http://evil'], 403),
	(['Origin: null'], 403),
	(['Origin: null', 'Cookie: s=1'], 403),
	(['Cookie: s=1'], 403),
	(['Cookie: s=1', 'Origin: http://test'], 200),
	(['Cookie: s=1', 'Sec-Fetch-Site: same-origin'], 200),
	(['Cookie: s=1', 'Sec-Fetch-Site: cross-site'], 403),
	(['Sec-Fetch-Site: same-site'], 403),
	(['Authorization: Bearer x', 'Origin: http://evil'], 200),
	([], 200),
])
def test_change_must_come_from_our_own_pages(server, headers, status):
	with server.connect() as wire:
		assert wire.post('/api/v1/echo', '{}', JSON, *headers).status == status
		assert wire.get('/api/v1/echo', *headers).status == 200


@pytest.mark.parametrize('kind, status', [
	('application/json', 200), ('application/json; charset=utf-8', 200), ('application/jsonx', 415), ('text/plain', 415),
	('application/x-www-form-urlencoded', 415), ('multipart/form-data; boundary=x', 415), (None, 415),
])
def test_body_type(server, kind, status):
	with server.connect() as wire:
		assert wire.post('/api/v1/echo', '{}', *([f'Content-Type: {kind}'] if kind else [])).status == status
		assert wire.get('/api/v1/echo').status == 200


def test_part_may_be_bytes_but_no_form(server):
	with server.connect() as wire:
		assert wire.post('/api/v1/thing/1', b'\x00\x01', 'Content-Type: application/octet-stream', method='PATCH').status == 200
		for kind in ('multipart/form-data', 'text/plain', 'application/x-www-form-urlencoded'):
			assert wire.post('/api/v1/thing/1', b'x', f'Content-Type: {kind}', method='PATCH').status == 415
		assert wire.post('/api/v1/thing/1', b'x', 'Content-Encoding: gzip', method='PATCH').status == 415


def test_too_large_is_said_before_the_body_is_sent(server):
	for method, target in (('POST', '/api/v1/echo'), ('PATCH', '/api/v1/thing/1')):
		with server.connect() as wire:
			wire.send(f'{method} {target} HTTP/1.1\r\nHost: test\r\n{JSON}\r\nContent-Length: 10000000\r\n\r\n')
			reply = wire.reply()
			assert (reply.status, reply.code()) == (413, 'too_large')


def test_no_hundred_continue_for_a_refused_body(server):
	with server.connect() as wire:
		wire.send(f'POST /api/v1/echo HTTP/1.1\r\nHost: test\r\n{JSON}\r\nContent-Length: 10000000\r\nExpect: 100-continue\r\n\r\n')
		assert wire.reply().status == 413


def test_hundred_continue_for_a_lawful_body(server):
	with server.connect() as wire:
		wire.send(f'POST /api/v1/echo HTTP/1.1\r\nHost: test\r\n{JSON}\r\nContent-Length: 2\r\nExpect: 100-continue\r\n\r\n')
		assert wire.reply().status == 100
		assert wire.send('{}').reply().json()['body'] == '{}'


def test_chunked_body_is_cut_at_the_limit(server):
	with server.connect() as wire:
		wire.send(CHUNKED)
		with pytest.raises(OSError):
			for _ in range(10000):
				wire.send('4000\r\n', b'a' * 0x4000, '\r\n')
		reply = wire.reply()
		assert reply is None or reply.status == 413


def test_chunked_body_a_little_too_large_gets_its_answer(server):
	with server.connect() as wire:
		wire.send(CHUNKED, *(['4000\r\n' + 'a' * 0x4000 + '\r\n'] * 7), '0\r\n\r\n')
		assert wire.reply().status == 413
		assert wire.get('/api/v1/echo').status == 200


def test_refusal_by_dispatch_costs_no_body(server):
	with server.connect() as wire:
		wire.send('POST /api/v1/never HTTP/1.1\r\nHost: test\r\nContent-Length: 900000\r\n\r\n')
		reply = wire.reply()
		assert (reply.status, reply.code()) == (403, 'forbidden')
	with server.connect() as wire:
		assert wire.post('/api/v1/never', b'x' * 1000).status == 403
		assert wire.get('/api/v1/never').status == 403
		assert wire.get('/api/v1/echo').status == 200


def test_sink_takes_the_body_piece_by_piece_and_may_refuse(server):
	with server.connect() as wire:
		got = wire.post('/api/v1/sink', b'x' * 700000, method='PATCH').json()
		assert (got['sunk'], got['body']) == (700000, '')
		reply = wire.post('/api/v1/sink', b'x' * 1000 + b'!', method='PATCH')
		assert reply.code() == 'offset'


def test_forwarded_address_counts_only_from_a_trusted_proxy(server):
	with server.connect() as wire:
		assert wire.get('/api/v1/echo', 'X-Forwarded-For: 1.2.3.4').json()['remote'] == '127.0.0.1'
	with server.connect(source='127.0.0.9') as wire:
		assert wire.get('/api/v1/echo', 'X-Forwarded-For: 1.2.3.4').json()['remote'] == '1.2.3.4'
		assert wire.get('/api/v1/echo', 'X-Forwarded-For: 6.6.6.6, 1.2.3.4').json()['remote'] == '1.2.3.4'
		assert wire.get('/api/v1/echo', 'X-Forwarded-For: 1.2.3.4, 127.0.0.9').json()['remote'] == '1.2.3.4'
		assert wire.get('/api/v1/echo', 'X-Forwarded-For: junk').json()['remote'] == '127.0.0.9'


def test_one_address_gets_its_share_of_connections(server):
	wires = [server.connect(source='127.0.0.3') for _ in range(60)]
	answered = 0
	for wire in wires:
		try:
			answered += wire.get('/api/v1/echo') is not None
		except OSError:
			pass
	assert answered == 40
	with server.connect(source='127.0.0.4') as wire:
		assert wire.get('/api/v1/echo').status == 200
	for wire in wires:
		wire.close()
	deadline = time.monotonic() + 5
	while time.monotonic() < deadline:
		with server.connect(source='127.0.0.3') as wire:
			if wire.get('/api/v1/echo'):
				return
	raise AssertionError('places were not given back')


def drip(wire, text, seconds):
	"""Sends a byte every 100 ms; the seconds until the other side ended, or None."""
	started = time.monotonic()
	wire.socket.settimeout(0.1)
	for byte in text:
		try:
			wire.send(byte)
			if not wire.socket.recv(1000):
				return time.monotonic() - started
		except TimeoutError:
			pass
		except OSError:
			return time.monotonic() - started
		if time.monotonic() - started > seconds:
			return None
	return None


@pytest.mark.parametrize('text', [
	'GET /api/v1/echo HTTP/1.1\r\nX-A: ' + 'a' * 1000,
	'\r\n' * 500,
])
def test_dripping_head_is_cut(server, text):
	with server.connect() as wire:
		assert drip(wire, text, 8) is not None


def test_dripping_body_is_cut(server):
	with server.connect() as wire:
		wire.send(HEAD, 'Content-Length: 1000\r\n\r\n')
		assert drip(wire, 'a' * 1000, 8) is not None


def test_silent_connection_is_cut(server):
	with server.connect() as wire:
		assert wire.is_closed()


def test_reader_that_does_not_read_is_cut(server):
	with server.connect() as wire:
		request = 'GET /api/v1/echo?q=' + 'a' * 5000 + ' HTTP/1.1\r\nHost: test\r\n\r\n'
		wire.socket.settimeout(10)
		started = time.monotonic()
		with pytest.raises(OSError):
			while time.monotonic() - started < 30:
				wire.send(request)
		assert time.monotonic() - started < 20


def test_pages(server):
	with server.connect() as wire:
		reply = wire.get('/')
		assert reply.body.decode() == INDEX and "script-src 'self'" in reply.headers['content-security-policy']
		assert reply.headers['cache-control'] == 'no-cache'
		assert wire.get('/ticket/7').body == reply.body
		assert b'phone' in wire.get('/h5/report').body and b'phone' in wire.get('/h5').body
		script = wire.get('/assets/main-Abcd1234.js')
		assert 'immutable' in script.headers['cache-control'] and script.headers['content-type'].startswith('text/javascript')
		for path in ('/secret.map', '/assets/other.js', '/outside.txt', '/index.html.gz', '/index.html.br', '/api', '/api/'):
			assert wire.get(path).status == 404
		assert wire.post('/', '{}', JSON).status == 405


def test_page_is_compressed_and_not_sent_twice(server):
	with server.connect() as wire:
		small = wire.get('/', 'Accept-Encoding: gzip, deflate')
		assert small.headers['content-encoding'] == 'gzip' and gzip.decompress(small.body).decode() == INDEX
		brotli = wire.get('/', 'Accept-Encoding: gzip, deflate, br')
		assert brotli.headers['content-encoding'] == 'br' and brotli.body == BROTLI and brotli.headers['content-type'].startswith('text/html')
		assert 'content-encoding' not in wire.get('/', 'Accept-Encoding: br;q=0').headers
		assert 'content-encoding' not in wire.get('/assets/main-Abcd1234.js', 'Accept-Encoding: gzip, br').headers
		assert wire.get('/', f'If-None-Match: {small.headers["etag"]}', 'Accept-Encoding: gzip').status == 304
		assert wire.get('/', f'If-None-Match: {small.headers["etag"]}').status == 200
