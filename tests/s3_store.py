"""A small S3-compatible store for tests: PUT, GET, DELETE, ListObjectsV2, and every signature checked as the standard says
(AWS Signature Version 4, "Create a signed request"). Prints its port; keeps blobs in memory."""
import hashlib
import hmac
import re
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qsl, quote, unquote, urlsplit

KEY, SECRET, REGION = "TESTKEY", "TESTSECRET", "cn-test-1"
blobs = {}


def mac(key, text):
    return hmac.new(key, text.encode(), hashlib.sha256).digest()


def signature(method, target, headers, signed, date, hash):
    url = urlsplit(target)
    query = "&".join(f"{quote(k, safe='-_.~')}={quote(v, safe='-_.~')}" for k, v in sorted(parse_qsl(url.query, keep_blank_values=True)))
    lines = "".join(f"{name}:{headers[name].strip()}\n" for name in signed.split(";"))
    canonical = "\n".join([method, quote(unquote(url.path), safe="/-_.~"), query, lines, signed, hash])
    scope = f"{date[:8]}/{REGION}/s3/aws4_request"
    text = f"AWS4-HMAC-SHA256\n{date}\n{scope}\n{hashlib.sha256(canonical.encode()).hexdigest()}"
    key = mac(mac(mac(mac(f"AWS4{SECRET}".encode(), date[:8]), REGION), "s3"), "aws4_request")
    return hmac.new(key, text.encode(), hashlib.sha256).hexdigest()


class Store(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *_):
        pass

    def reply(self, status, body=b""):
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def body(self):
        return self.rfile.read(int(self.headers.get("Content-Length") or 0))

    def is_signed(self, body):
        found = re.match(rf"AWS4-HMAC-SHA256 Credential={KEY}/\d+/{REGION}/s3/aws4_request, SignedHeaders=([^,]+), Signature=(\w+)",
                         self.headers.get("Authorization", ""))
        hash = self.headers.get("x-amz-content-sha256", "")
        if not found or "x-amz-content-sha256" not in found[1].split(";") or hash != hashlib.sha256(body).hexdigest():
            return False
        return found[2] == signature(self.command, self.path, self.headers, found[1], self.headers["x-amz-date"], hash)

    def handle_call(self):
        body = self.body()
        if not self.is_signed(body):
            return self.reply(403)
        url = urlsplit(self.path)
        path = unquote(url.path)
        if self.command == "PUT":
            blobs[path] = (body, time.time())
            return self.reply(200)
        if self.command == "DELETE":
            return self.reply(204 if blobs.pop(path, None) else 404)
        if url.query:
            return self.reply(200, self.listing(path, dict(parse_qsl(url.query, keep_blank_values=True))))
        return self.reply(200, blobs[path][0]) if path in blobs else self.reply(404)

    def listing(self, bucket, query):
        names = sorted(p.removeprefix(f"{bucket}/") for p in blobs if p.startswith(f"{bucket}/{query['prefix']}"))
        names = [n for n in names if n > query["start-after"]][:min(int(query["max-keys"]), 1000)]
        rows = "".join(f"<Contents><Key>{n}</Key><LastModified>2020-01-01T00:00:00.000Z</LastModified></Contents>" for n in names)
        return f'<?xml version="1.0"?><ListBucketResult>{rows}</ListBucketResult>'.encode()

    do_GET = do_PUT = do_DELETE = handle_call


if __name__ == "__main__":
    server = ThreadingHTTPServer(("127.0.0.1", 0), Store)
    print(server.server_address[1], flush=True)
    server.serve_forever()
