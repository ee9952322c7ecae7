"""Raw sockets for tests of the HTTP front: what is sent is exactly what the test says.

Starts the small server of src/net on a free port and stops it; a sanitizer's finding in it fails the test that runs then.
"""
import json
import os
import pathlib
import signal
import socket
import subprocess

ROOT = pathlib.Path(__file__).resolve().parents[2]
BUILD = pathlib.Path(os.environ.get('ANXIN_BUILD', ROOT / 'build' / 'asan'))


class Server:
	"""One run of a helper program that prints its port first."""

	def __init__(self, name, *arguments):
		command = [str(BUILD / name), '0', *map(str, arguments)]
		self.process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
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
