"""The realtime hub over real sockets: the WebSocket standard, subscriptions, rights, slow clients, presence."""
import json
import os
import resource
import select
import time

import pytest
from wire import Server, WebSocket


@pytest.fixture(scope='module')
def server():
	running = Server('net_test_server', '/nonexistent', '/nonexistent', 'many')
	yield running
	running.stop()


@pytest.fixture
def open_socket(server):
	sockets = []

	def connect(query='', *headers):
		socket = WebSocket(server, '/api/v1/stream' + query, *headers)
		sockets.append(socket)
		if socket.reply.status == 101:
			socket.hello = socket.hear()
		return socket
	yield connect
	for socket in sockets:
		socket.close()


def publish(server, no, topic, message='{"op":"event"}', **query):
	with server.connect() as wire:
		more = ''.join(f'&{name}={value}' for name, value in query.items())
		assert wire.post(f'/api/v1/publish?no={no}&topic={topic}{more}', message, 'Content-Type: application/json').status == 200


def post(server, target):
	with server.connect() as wire:
		assert wire.post(target, '{}', 'Content-Type: application/json').status == 200


def stats(server):
	with server.connect() as wire:
		return wire.get('/api/v1/stats').json()


def eventually(check, seconds=5):
	deadline = time.monotonic() + seconds
	while not check():
		assert time.monotonic() < deadline
		time.sleep(0.02)


@pytest.mark.quick
def test_handshake(open_socket):
	socket = open_socket()
	assert socket.reply.headers['sec-websocket-accept'] == 's3pPLMBiTxaQ9kYGzzhZRbK+xOo='
	assert socket.hello == {'op': 'hello', 'no': socket.hello['no']} and socket.hello['no'] >= 5


@pytest.mark.parametrize('headers, status', [
	(['Origin: http://evil'], 403),
	(['Cookie: s=1'], 403),
	(['Cookie: s=1', 'Origin: http://test'], 101),
	(['Authorization: Bearer x', 'Cookie: s=1'], 101),
])
@pytest.mark.quick
def test_only_our_own_pages_may_connect(open_socket, headers, status):
	assert open_socket('', *headers).reply.status == status


@pytest.mark.parametrize('lines', [
	['Upgrade: websocket', 'Connection: Upgrade', 'Sec-WebSocket-Version: 13'],
	['Upgrade: websocket', 'Connection: Upgrade', 'Sec-WebSocket-Version: 13', 'Sec-WebSocket-Key: short'],
	['Upgrade: websocket', 'Connection: Upgrade', 'Sec-WebSocket-Version: 8', 'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ=='],
	['Connection: Upgrade', 'Sec-WebSocket-Version: 13', 'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ=='],
	['Upgrade: websocket', 'Connection: keep-alive', 'Sec-WebSocket-Version: 13', 'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ=='],
])
def test_incomplete_handshake_is_refused(server, lines):
	eventually(lambda: stats(server)['clients'] == 0)        # who went before this has been counted
	before = stats(server)['gone']
	with server.connect() as wire:
		assert wire.get('/api/v1/stream', *lines).status == 400
		assert wire.get('/api/v1/echo').status == 200
	eventually(lambda: stats(server)['gone'] == before + 1)


@pytest.mark.quick
def test_message_sent_with_the_handshake_is_not_lost(server):
	with server.connect() as wire:
		socket = WebSocket.__new__(WebSocket)
		socket.wire = wire
		wire_send, sent = wire.send, []
		wire.send = lambda *parts: sent.extend(parts)
		socket.frame(1, json.dumps({'op': 'subscribe', 'topics': ['ticket:1']}))
		wire.send = wire_send
		wire.send('GET /api/v1/stream?rights=nothing HTTP/1.1\r\nHost: test\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n'
		          'Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n'.encode() + sent[0])
		assert wire.reply().status == 101
		assert socket.hear()['op'] == 'hello'
		assert socket.hear()['op'] == 'refused'


SUBSCRIBE = json.dumps({'op': 'subscribe', 'topics': ['other:1']}).encode()

# RFC 6455 §5.1, 5.2, 5.4, 5.5, 8.1: what a server must not let pass, and the code it must close with.
BROKEN = {
	'no mask': (lambda s: s.frame(1, SUBSCRIBE, mask=None), 1002),
	'reserved bit 1': (lambda s: s.frame(1, SUBSCRIBE, reserved=4), 1002),
	'reserved bit 3': (lambda s: s.frame(1, SUBSCRIBE, reserved=1), 1002),
	'unknown opcode': (lambda s: s.frame(3, b'x'), 1002),
	'unknown control opcode': (lambda s: s.frame(11, b'x'), 1002),
	'fragmented ping': (lambda s: s.frame(9, b'x', final=False), 1002),
	'long ping': (lambda s: s.frame(9, b'x' * 126), 1002),
	'continuation of nothing': (lambda s: s.frame(0, b'x'), 1002),
	'new message inside another': (lambda s: s.frame(1, b'{', final=False).frame(1, b'}'), 1002),
	'length in more bytes than needed': (lambda s: s.wire.send(b'\x81\xfe\x00\x05\x01\x02\x03\x04hello'), 1002),
	'length with the top bit': (lambda s: s.wire.send(b'\x81\xff\x80' + b'\x00' * 7 + b'\x01\x02\x03\x04'), 1002),
	'not UTF-8': (lambda s: s.frame(1, b'"\xff"'), 1007),
	'surrogate': (lambda s: s.frame(1, b'"\xed\xa0\x80"'), 1007),
	'UTF-8 cut off': (lambda s: s.frame(1, b'"\xe4\xba'), 1007),
	'not UTF-8 in fragments': (lambda s: s.frame(1, b'"\xe4', final=False).frame(0, b'"'), 1007),
	'binary': (lambda s: s.frame(2, b'\x00'), 1003),
	'too large': (lambda s: s.frame(1, b'x' * 9000), 1009),
	'too large by its length alone': (lambda s: s.frame(1, b'x', length=1 << 40), 1009),
	'too large in fragments': (lambda s: [s.frame(1 if i == 0 else 0, b'x' * 1000, final=False) for i in range(10)], 1009),
	'close with half a code': (lambda s: s.frame(8, b'\x03'), 0),
	'close with a forbidden code': (lambda s: s.frame(8, (1005).to_bytes(2, 'big')), 1002),
	'close with bad text': (lambda s: s.frame(8, (1000).to_bytes(2, 'big') + b'\xff'), 1007),
}


@pytest.mark.quick
@pytest.mark.parametrize('shape', BROKEN)
def test_broken_frame_closes_with_the_right_code(open_socket, shape):
	socket = open_socket()
	act, code = BROKEN[shape]
	act(socket)
	assert socket.closed_with() == code


@pytest.mark.quick
def test_close_is_answered(open_socket):
	socket = open_socket()
	socket.frame(8, (1000).to_bytes(2, 'big') + b'bye')
	assert socket.closed_with() == 1000


def test_ping_is_answered_also_between_fragments(open_socket):
	socket = open_socket('?rights=nothing')
	socket.frame(1, SUBSCRIBE[:10], final=False).frame(9, b'are you there').frame(0, SUBSCRIBE[10:])
	frames = dict(socket.next() for _ in range(2))
	assert frames[10] == b'are you there' and b'refused' in frames[1]


def test_bytes_one_by_one(open_socket):
	socket = open_socket('?rights=nothing')
	parts = []
	send, socket.wire.send = socket.wire.send, lambda part: parts.append(part)
	socket.frame(1, SUBSCRIBE)
	socket.wire.send = send
	for byte in parts[0]:
		socket.wire.send(bytes([byte]))
		time.sleep(0.002)
	assert socket.hear()['op'] == 'refused'


@pytest.mark.parametrize('message, code', [
	('{}', 'field_required'), ('[]', 'json'), ('nonsense', 'json'), ('{"op":"shout"}', 'field_choice'),
	('{"op":"subscribe"}', 'field_invalid'), ('{"op":"subscribe","topics":[]}', 'field_invalid'),
	('{"op":"subscribe","topics":["Ticket 1"]}', 'field_invalid'), ('{"op":"subscribe","topics":"ticket:1"}', 'field_type'),
	('{"op":"subscribe","topics":[1]}', 'field_type'), ('{"op":"subscribe","topics":["a"],"since":-1}', 'field_too_small'),
	('{"op":"signal","topic":"ticket:1"}', 'field_required'), ('{"op":"signal","what":"typing"}', 'field_invalid'),
	('{"op":"signal","topic":"ticket:1","what":"typing"}', 'forbidden'),
	('{"op":"subscribe","op":"subscribe","topics":["a"]}', 'json_duplicate'), ('{"op":"subscribe","topics":["a"],"x":1}', 'field_unknown'),
])
def test_message_that_makes_no_sense_is_answered_and_the_line_stays(open_socket, message, code):
	socket = open_socket()
	socket.frame(1, message)
	answer = socket.hear()
	assert answer['op'] == 'error', answer
	assert answer['code'] == code
	socket.frame(9, b'still here')
	assert socket.next() == (10, b'still here')


def test_event_goes_to_those_who_asked_once_each(server, open_socket):
	both, one, none = open_socket(), open_socket(), open_socket()
	both.subscribe('ticket:1', 'view:ticket')
	one.subscribe('ticket:1')
	none.subscribe('ticket:2')
	eventually(lambda: stats(server)['subscriptions'] >= 4)
	publish(server, 100, 'ticket:1', '{"op":"event","no":100}', topic2='view:ticket')
	publish(server, 101, 'ticket:2', '{"op":"event","no":101}')
	assert both.hear() == one.hear() == {'op': 'event', 'no': 100}
	assert none.hear() == {'op': 'event', 'no': 101}
	both.say(op='unsubscribe', topics=['ticket:1', 'view:ticket']).subscribe('ticket:3')
	eventually(lambda: stats(server)['subscriptions'] == 3)
	publish(server, 102, 'ticket:1', '{"op":"event","no":102}')
	publish(server, 103, 'ticket:3', '{"op":"event","no":103}')
	assert both.hear()['no'] == 103


def test_who_comes_with_an_old_number_is_told_to_read_again(server, open_socket):
	publish(server, 200, 'ticket:1')
	socket = open_socket()
	assert socket.hello['no'] >= 200
	socket.subscribe('ticket:1', since=150)
	assert socket.hear() == {'op': 'behind', 'no': 150}
	socket.subscribe('ticket:2', since=socket.hello['no']).frame(9, b'x')
	assert socket.next() == (10, b'x')


def test_right_is_asked_at_subscription_and_for_every_event(server, open_socket):
	socket = open_socket('?rights=ticket')
	socket.subscribe('ticket:1', 'customer:1')
	assert socket.hear() == {'op': 'refused', 'topic': 'customer:1', 'code': 'forbidden'}
	blind = open_socket('?rights=ticket%20blind')
	blind.subscribe('ticket:1')
	loser = open_socket('?rights=-ticket')
	loser.subscribe('ticket:1')
	eventually(lambda: stats(server)['subscriptions'] >= 3)
	publish(server, 300, 'ticket:1', '{"op":"event","no":300}', secret=1)
	publish(server, 301, 'ticket:1', '{"op":"event","no":301}')
	assert [socket.hear()['no'] for _ in range(2)] == [300, 301]
	assert blind.hear()['no'] == 301
	assert loser.hear() == {'op': 'ended', 'topic': 'ticket:1', 'code': 'forbidden'}
	loser.frame(9, b'x')
	assert loser.next() == (10, b'x')


def test_too_many_topics(open_socket):
	socket = open_socket()
	socket.subscribe(*(f'ticket:{i}' for i in range(21)))
	assert socket.hear() == {'op': 'refused', 'topic': 'ticket:20', 'code': 'rate'}


def test_slow_client_is_marked_behind_and_nothing_is_lost_silently():
	server = Server('net_test_server', '/nonexistent', '/nonexistent', 'many', 'patient')
	slow, quick = WebSocket(server), WebSocket(server)
	assert slow.hear()['op'] == quick.hear()['op'] == 'hello'
	slow.subscribe('ticket:9')
	quick.subscribe('ticket:8')
	eventually(lambda: stats(server)['subscriptions'] >= 2)
	before, memory = stats(server)['behind'], server.memory_kb()
	body = json.dumps({'op': 'event', 'pad': 'x' * 1000})
	for i in range(200):
		publish(server, 1000 + 100 * i, 'ticket:9', body, times=100)
	publish(server, 30000, 'ticket:8', '{"op":"event","no":30000}')
	started = time.monotonic()
	assert quick.hear()['no'] == 30000
	assert time.monotonic() - started < 2
	eventually(lambda: stats(server)['behind'] > before)
	assert server.memory_kb() - memory < 60000, 'a queue grew'
	got = 0
	while (message := slow.hear())['op'] == 'event':
		got += 1
	assert message['op'] == 'behind' and 0 < got < 20000
	# everything up to this number was delivered, in order and without a gap
	assert message['no'] == 1000 + got - 1
	# it may fall behind again, then it must not wait for what it missed; in the end it hears what comes new
	for no in range(30001, 30100):
		publish(server, no, 'ticket:9', json.dumps({'op': 'event', 'no': no}))
		while (message := slow.hear())['op'] == 'event' and 'no' not in message:
			got += 1
		if message['op'] == 'event':
			break
	assert 30001 <= message['no'] <= no and got < 20000
	for socket in (slow, quick):
		socket.close()
	server.stop()


def test_client_that_asks_and_never_reads_is_dropped(server, open_socket):
	socket = open_socket('?rights=nothing')
	before = stats(server)['clients']
	socket.wire.socket.settimeout(2)
	try:
		for _ in range(100000):
			socket.frame(9, b'x' * 125)
	except OSError:
		pass
	eventually(lambda: stats(server)['clients'] < before)


def test_flood_of_messages_is_ended(open_socket):
	socket = open_socket('?rights=nothing')
	for _ in range(150):
		socket.frame(1, SUBSCRIBE)
	assert socket.closed_with() == 1008


def test_silent_client_is_pinged_then_closed(server, open_socket):
	socket = open_socket()
	assert socket.next() == (9, b'')
	assert socket.next() is None


def test_answering_pings_is_enough_to_stay(open_socket):
	socket = open_socket()
	for _ in range(4):
		assert socket.next() == (9, b'')
		socket.frame(10)


def test_signals_tell_the_others_who_is_there(server, open_socket):
	first, second = open_socket('?id=1'), open_socket('?id=2')
	first.subscribe('ticket:5').say(op='signal', topic='ticket:5', what='looking')
	eventually(lambda: stats(server)['present'] == 1)
	second.subscribe('ticket:5')
	assert second.hear() == {'op': 'signal', 'topic': 'ticket:5', 'what': 'looking', 'user': {'id': '1'}}
	first.say(op='signal', topic='ticket:5', what='typing')
	assert second.hear()['what'] == 'typing'
	second.say(op='signal', topic='ticket:5', what='looking')
	assert first.hear() == {'op': 'signal', 'topic': 'ticket:5', 'what': 'looking', 'user': {'id': '2'}}
	second.close()
	assert first.hear() == {'op': 'signal', 'topic': 'ticket:5', 'what': 'left', 'user': {'id': '2'}}


def test_who_goes_on_typing_is_told_again(server, open_socket):
	"""A page shows it for a few seconds only."""
	first, second = open_socket('?id=1'), open_socket('?id=2')
	second.subscribe('ticket:8')
	first.subscribe('ticket:8')
	for what in ('typing', 'typing', 'looking', 'looking', 'typing'):
		first.say(op='signal', topic='ticket:8', what=what)
	assert [second.hear()['what'] for _ in range(4)] == ['typing', 'typing', 'looking', 'typing']


def test_who_goes_on_looking_is_told_again_and_not_each_time(server, open_socket):
	"""A page takes whoever it has not heard of for a minute as gone."""
	first, second = open_socket('?id=1'), open_socket('?id=2')
	second.subscribe('ticket:9')
	first.subscribe('ticket:9')
	first.say(op='signal', topic='ticket:9', what='looking')
	assert second.hear()['what'] == 'looking'
	said = 0
	while not select.select([second.wire.socket], [], [], 0.02)[0]:
		first.say(op='signal', topic='ticket:9', what='looking')
		said += 1
	assert second.hear()['what'] == 'looking' and said > 2


def test_signal_that_is_not_renewed_expires(server, open_socket):
	first, second = open_socket('?id=1'), open_socket('?id=2')
	second.subscribe('ticket:6')
	first.subscribe('ticket:6').say(op='signal', topic='ticket:6', what='typing')
	assert second.hear()['what'] == 'typing'
	assert second.hear()['what'] == 'left'
	assert stats(server)['present'] == 0


def test_two_windows_of_one_person_leave_once(server, open_socket):
	first, again, other = open_socket('?id=1'), open_socket('?id=1'), open_socket('?id=2')
	other.subscribe('ticket:7')
	first.subscribe('ticket:7').say(op='signal', topic='ticket:7', what='looking')
	again.subscribe('ticket:7').say(op='signal', topic='ticket:7', what='looking')
	eventually(lambda: stats(server)['present'] == 2)
	assert [other.hear()['what'] for _ in range(2)] == ['looking', 'looking']
	first.close()
	eventually(lambda: stats(server)['present'] == 1)
	again.say(op='signal', topic='ticket:7', what='left')
	assert other.hear()['what'] == 'left'
	other.frame(9, b'x')
	assert other.next() == (10, b'x')


def test_signals_of_other_nodes(server, open_socket):
	socket = open_socket()
	socket.subscribe('ticket:4')
	eventually(lambda: stats(server)['subscriptions'] >= 1)
	post(server, '/api/v1/afar?topic=ticket:4&what=typing')
	assert socket.hear() == {'op': 'signal', 'topic': 'ticket:4', 'what': 'typing', 'user': {'id': '99'}}
	post(server, '/api/v1/afar?topic=ticket:4&what=left')
	assert socket.hear()['what'] == 'left'


def test_signed_out_actor_is_closed(server, open_socket):
	mine, other = open_socket('?id=77'), open_socket('?id=78')
	post(server, '/api/v1/close?id=77')
	assert mine.closed_with() == 1008
	other.frame(9, b'x')
	assert other.next() == (10, b'x')


def test_everything_is_given_back(server, open_socket):
	socket = open_socket()
	socket.subscribe('ticket:1').say(op='signal', topic='ticket:1', what='typing')
	eventually(lambda: stats(server)['present'] == 1)
	socket.close()
	eventually(lambda: [stats(server)[name] for name in ('clients', 'topics', 'subscriptions', 'present')] == [0, 0, 0, 0])


def test_two_thousand_idle_clients_cost_little():
	# About 2 KB each in a release build (docs/adr/0005-http-front.md); the sanitizer's margins around each block come on top
	# what the sanitizer keeps of freed memory is not the server's
	options = os.environ.get('ASAN_OPTIONS', '') + ':quarantine_size_mb=0:thread_local_quarantine_size_kb=0'
	most = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
	resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
	running = Server('net_test_server', '/nonexistent', '/nonexistent', 'many', 'patient', env=os.environ | {'ASAN_OPTIONS': options})
	WebSocket(running).close()
	before, sockets = running.memory_kb(), []
	for i in range(2000):
		sockets.append(WebSocket(running, f'/api/v1/stream?id={i + 10}').subscribe(f'ticket:{i}', 'view:ticket'))
	eventually(lambda: stats(running)['subscriptions'] == 4000)
	used = (running.memory_kb() - before) / len(sockets)
	publish(running, 9, 'view:ticket', '{"op":"event","no":9}')
	for socket in sockets:
		while socket.hear() != {'op': 'event', 'no': 9}:
			pass
		socket.close()
	running.stop()
	assert used < 20, f'{used} KB each'


def test_stop_says_goodbye_and_gives_every_client_back():
	running = Server('net_test_server', '/nonexistent', '/nonexistent', 'many')
	sockets = [WebSocket(running) for _ in range(20)]
	for socket in sockets:
		assert socket.hear()['op'] == 'hello'
	running.process.terminate()
	assert {socket.closed_with() for socket in sockets} == {1001}
	for socket in sockets:
		socket.close()
	running.stop()
