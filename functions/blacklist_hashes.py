"""Names and numbers of a blacklist as keyed hashes, so that associations can compare lists without showing them.

A plain hash of a company's name is undone by hashing a register of companies; so the salt is a secret that the associations share,
slowed down by scrypt once (RFC 7914, with N = 2^14, r = 8, p = 1) into the key of an HMAC-SHA256 (RFC 2104) of each normalised
name or number. The salt's id is made with the same key: it tells two salts apart and gives neither away.
"""

from __future__ import annotations

import hashlib
import hmac
import re
from functools import lru_cache
from typing import Final

_HASH: Final = re.compile(r"[0-9a-fA-F]{64}")
_ID_OF: Final = "id of this salt"
ID_LENGTH: Final = 12


@lru_cache(maxsize=8)
def _key(salt: str) -> bytes:
    return hashlib.scrypt(salt.encode(), salt=b"xladdin blacklist", n=2**14, r=8, p=1, dklen=32)


@lru_cache(maxsize=65_536)
def salted(text: str, salt: str) -> str:
    """Hash a normalised name or number for exchange between associations, in hexadecimal."""
    return hmac.new(_key(salt), text.encode(), hashlib.sha256).hexdigest()


def salt_id(salt: str) -> str:
    """Return the short public id of a salt: lists carry it, so that two of different salts are not compared."""
    return salted(_ID_OF, salt)[:ID_LENGTH]


def is_hash(text: str) -> bool:
    """Tell whether a listed name or number is a hash."""
    return _HASH.fullmatch(text) is not None
