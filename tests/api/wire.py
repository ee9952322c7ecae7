"""Raw sockets for tests of the HTTP front: what is sent is exactly what the test says.

Starts the small server of src/net on a free port and stops it; a sanitizer's finding in it fails the test that runs then.
"""
import atexit
import json
import os
import pathlib
import signal
import socket
import subprocess
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]
BUILD = pathlib.Path(os.environ.get('ANXIN_BUILD', ROOT / 'build' / 'asan'))


class Server:
	"""One run of a helper program that prints its port first."""

	def __init__(self, name, *arguments, **more):
		command = [str(BUILD / name), '0', *map(str, arguments)]
		self.process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, **more)
		atexit.register(self.process.kill)  # a test that fails may not come to stop()
		self.port = int(self.process.stdout.readline())

	def connect(self, source=None, timeout=10):
		return Wire(self.port, source, timeout)

	def memory_kb(self):
		for line in pathlib.Path(f'/proc/{self.process.pid}/status').read_text().splitlines():
			if line.startswith('VmRSS:'):
				return int(line.split()[1])
		raise AssertionError('no VmRSS')

	def stop(self):
		self.process.send_signal(signal.SIGTERM)
		_, errors = self.process.communicate(timeout=20)
		assert self.process.returncode == 0, errors.decode()[-4000:]
		assert b'Sanitizer' not in errors and b'runtime error' not in errors, errors.decode()[-4000:]
		return errors.decode()


class Wire:
	"""One connection."""

	def __init__(self, port, source, timeout):
		self.socket = socket.create_connection(('127.0.0.1', port), timeout, source and (source, 0))
		self.buffer = b''

	def send(self, *parts):
		for part in parts:
			self.socket.sendall(part if isinstance(part, bytes) else part.encode())
		return self

	def get(self, target, *headers):
		return self.send('\r\n'.join([f'GET {target} HTTP/1.1', 'Host: test', *headers, '', ''])).reply()

	def post(self, target, body=b'', *headers, method='POST'):
		body = body if isinstance(body, bytes) else body.encode()
		head = [f'{method} {target} HTTP/1.1', 'Host: test', f'Content-Length: {len(body)}', *headers, '', '']
		return self.send('\r\n'.join(head), body).reply()

	def fill(self):
		try:
			got = self.socket.recv(65536)
		except ConnectionResetError:
			got = b''
		self.buffer += got
		return bool(got)

	def reply(self, head_only=False):
		"""The next reply, or None when the connection ended before its head was complete."""
		while b'\r\n\r\n' not in self.buffer:
			if not self.fill():
				return None
		head, _, self.buffer = self.buffer.partition(b'\r\n\r\n')
		reply = Reply(head.decode('latin-1'))
		want = 0 if head_only or reply.status in (101, 204, 304) else int(reply.headers.get('content-length', 0))
		while len(self.buffer) < want and self.fill():
			pass
		reply.body, self.buffer = self.buffer[:want], self.buffer[want:]
		return reply

	def is_closed(self):
		"""True when the other side ends without another byte; False when something came; fails when neither happens."""
		return not self.buffer and not self.fill()

	def rest(self):
		"""Everything until the other side ends."""
		while self.fill():
			pass
		return self.buffer

	def close(self):
		self.socket.close()

	def __enter__(self):
		return self

	def __exit__(self, *_):
		self.close()


class WebSocket:
	"""A WebSocket client that can also do everything wrong."""

	def __init__(self, server, target='/api/v1/stream', *headers, source=None):
		self.wire = server.connect(source)
		self.wire.send('\r\n'.join([
			f'GET {target} HTTP/1.1', 'Host: test', 'Upgrade: websocket', 'Connection: keep-alive, Upgrade',
			'Sec-WebSocket-Version: 13', 'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==', *headers, '', '']))
		self.reply = self.wire.reply()

	def frame(self, op, payload=b'', final=True, mask=b'\x01\x02\x03\x04', reserved=0, length=None):
		"""Sends one frame; mask None leaves it out, length gives another one than the payload's."""
		payload = payload if isinstance(payload, bytes) else payload.encode()
		n = len(payload) if length is None else length
		head = bytes([(0x80 if final else 0) | reserved << 4 | op])
		bit = 0x80 if mask else 0
		size = 0 if n < 126 else 2 if n < 65536 else 8
		head += bytes([bit | (n if size == 0 else 126 if size == 2 else 127)]) + (n.to_bytes(size, 'big') if size else b'')
		if mask:
			head += mask
			payload = bytes(b ^ mask[i % 4] for i, b in enumerate(payload))
		self.wire.send(head + payload)
		return self

	def say(self, **message):
		return self.frame(1, json.dumps(message))

	def subscribe(self, *topics, **more):
		return self.say(op='subscribe', topics=topics, **more)

	def take(self, n):
		while len(self.wire.buffer) < n:
			if not self.wire.fill():
				return None
		got, self.wire.buffer = self.wire.buffer[:n], self.wire.buffer[n:]
		return got

	def next(self):
		"""(opcode, payload) of the next frame; None at the end. Server frames are whole and never masked."""
		head = self.take(2)
		if head is None:
			return None
		assert head[0] & 0xF0 == 0x80 and not head[1] & 0x80
		n = head[1] & 0x7F
		if n > 125:
			n = int.from_bytes(self.take(2 if n == 126 else 8), 'big')
		payload = self.take(n)
		return None if payload is None else (head[0] & 0x0F, payload)

	def hear(self):
		"""The next text message; pings are answered, but not for ever."""
		deadline = time.monotonic() + 30
		while time.monotonic() < deadline:
			frame = self.next()
			if frame is None:
				return None
			if frame[0] == 9:
				self.frame(10, frame[1])
			elif frame[0] == 1:
				return json.loads(frame[1])
			else:
				return frame
		raise AssertionError('nothing but pings')

	def closed_with(self):
		"""The code of the close frame that ends the stream; None when it ended without."""
		code = None
		while (frame := self.next()) is not None:
			if frame[0] == 8:
				code = int.from_bytes(frame[1][:2], 'big')
		return code

	def close(self):
		self.wire.close()

	def __enter__(self):
		return self

	def __exit__(self, *_):
		self.close()


class Reply:
	"""Status, headers (lower case names) and body."""

	def __init__(self, head):
		line, *rest = head.split('\r\n')
		self.status = int(line.split()[1])
		self.headers = {}
		for name, value in (item.split(':', 1) for item in rest):
			self.headers[name.strip().lower()] = value.strip()
		self.body = b''

	def json(self):
		return json.loads(self.body)

	def code(self):
		return self.json()['error']['code']
