"""Start, stop and hand-over of the HTTP front, and what a route row must have to compile."""
import contextlib
import json
import os
import pathlib
import socket
import subprocess
import threading
import time

import pytest
from wire import ROOT, Server


def test_stop_waits_for_running_requests_and_takes_no_new_ones():
	server = Server('net_test_server')
	late, idle = server.connect(), server.connect()
	assert idle.get('/api/v1/echo').status == 200
	late.send('GET /api/v1/late?ms=600 HTTP/1.1\r\nHost: test\r\n\r\n')
	time.sleep(0.1)
	server.process.terminate()
	reply = late.reply()
	assert reply.status == 200 and reply.headers['connection'].lower() == 'close'
	assert late.is_closed() and idle.is_closed()
	server.stop()
	with pytest.raises(OSError):
		server.connect(timeout=1)


def test_stop_does_not_wait_for_clients_that_only_began():
	server = Server('net_test_server')
	wires = [server.connect() for _ in range(5)]
	for wire in wires:
		wire.send('POST /api/v1/echo HTTP/1.1\r\nHost: test\r\nContent-Type: application/json\r\nContent-Length: 10\r\n\r\n{')
	time.sleep(0.1)
	started = time.monotonic()
	server.stop()
	assert time.monotonic() - started < 5


def test_stop_while_clients_keep_coming():
	ended, port = threading.Event(), 0

	def come():
		while not ended.is_set():
			with contextlib.suppress(OSError), socket.create_connection(('127.0.0.1', port), 1) as wire:
				wire.sendall(b'GET /api/v1/echo HTTP/1.1\r\nHost: test\r\nConnection: close\r\n\r\n')
				wire.recv(65536)

	askers = [threading.Thread(target=come) for _ in range(8)]
	for round in range(12):
		server = Server('net_test_server')
		port = server.port
		if not round:
			for asker in askers:
				asker.start()
		time.sleep(0.02 * (1 + round % 3))
		server.stop()
	ended.set()
	for asker in askers:
		asker.join()


def test_socket_of_a_predecessor_is_taken_over_without_a_refused_connection():
	listener = socket.socket()
	listener.bind(('127.0.0.1', 0))
	listener.listen(64)
	port = listener.getsockname()[1]

	def start():
		return Server('net_test_server', env=os.environ | {'LISTEN_FDS': '1'}, close_fds=False,
		              preexec_fn=lambda: os.dup2(listener.fileno(), 3))

	first = start()
	assert first.port == port
	answers, ended = [], threading.Event()

	def ask():
		while not ended.is_set():
			with first.connect() as wire:
				reply = wire.get('/api/v1/echo', 'Connection: close')
				answers.append(reply.status if reply else None)

	asker = threading.Thread(target=ask)
	asker.start()
	time.sleep(0.2)
	second = start()
	assert second.port == port
	first.stop()
	time.sleep(0.2)
	ended.set()
	asker.join()
	assert len(answers) > 20
	assert answers.count(200) >= len(answers) - 2, answers
	second.stop()
	listener.close()


def test_refusals_are_logged_once_with_their_reason_and_without_the_path():
	server = Server('net_test_server')
	with server.connect() as wire:
		wire.get('/api/v1/thing/secret-token?key=secret-token', 'Cookie: s=1; s')
	with server.connect() as wire:
		wire.get('/api/v1/never', 'X-Request-Id: id-of-mine')
		wire.get('/api/v1/thing/secret-token?key=secret-token')
	log = server.stop()
	assert 'secret-token' not in log
	# two connections may be two loops: their lines come in any order
	lines = sorted((json.loads(line) for line in log.splitlines() if '"request"' in line), key=lambda line: line['status'])
	assert [(line['status'], line['why']) for line in lines] == [('400', 'cookie'), ('403', None)]
	assert (lines[1]['request'], lines[1]['route']) == ('id-of-mine', '/api/v1/never')


ROW = '''
#include "net/route.h"
static int run(struct ctx *c, const void *in, void *out) { return 0; }
extern const struct route rows[];
const struct route rows[] = { %s };
'''


@pytest.mark.parametrize('row, compiles', [
	('ROUTE(GET, "/a", "ticket.read", HOT, .run = run)', True),
	('ROUTE(GET, "/a", "", HOT, .run = run)', False),
	('ROUTE(GET, "/a", HOT, .run = run)', False),
	('ROUTE(GET, "/a", NULL, HOT, .run = run)', False),
	('ROUTE(GET, "/a", some_variable, HOT, .run = run)', False),
])
def test_row_without_permission_does_not_compile(tmp_path, row, compiles):
	source = pathlib.Path(tmp_path) / 'row.c'
	source.write_text(ROW % row)
	result = subprocess.run(['gcc', '-std=gnu17', '-fsyntax-only', '-I', ROOT / 'src', '-I', ROOT / 'schema', source],
	                        capture_output=True)
	assert (result.returncode == 0) is compiles, result.stderr.decode()
