"""An authenticator app: shows the code of a secret at a time (RFC 6238)."""
import base64
import hashlib
import hmac
import struct

STEP_S = 30


def code(secret, seconds):
    key = base64.b32decode(secret + "=" * (-len(secret) % 8))
    mac = hmac.digest(key, struct.pack(">Q", int(seconds) // STEP_S), hashlib.sha1)
    at = mac[-1] & 15
    return f"{(struct.unpack('>I', mac[at:at + 4])[0] & 0x7fffffff) % 10**6:06d}"
