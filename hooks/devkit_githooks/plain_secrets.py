"""Names of variables that hold secrets, and values that are plainly none."""

_ENDINGS = (
    "PASSWORD",
    "PASSWD",
    "PASSPHRASE",
    "SECRET",
    "TOKEN",
    "APIKEY",
    "API_KEY",
    "ACCESS_KEY",
    "SECRET_KEY",
    "PRIVATE_KEY",
    "CREDENTIALS",
)
_PLAIN_WORDS = (
    "admin",
    "change",
    "default",
    "dev",
    "dummy",
    "example",
    "fake",
    "guest",
    "insecure",
    "local",
    "minio",
    "none",
    "pass",
    "placeholder",
    "postgres",
    "root",
    "sample",
    "secret",
    "test",
    "todo",
    "unused",
    "user",
    "xxx",
    "your",
)
_LEAST = 8


def is_secret_name(name: str) -> bool:
    """Return whether a variable of that name holds a secret itself, and not its place, length or the like."""
    word = name.upper().replace("-", "_")
    return word.endswith(_ENDINGS) and "PUBLIC" not in word


def is_secret_value(value: str) -> bool:
    """Return whether a value may be a real secret: long, of letters and digits, and no word that stands for one.

    A reference to a variable, a path and an address are none.
    """
    if len(value) < _LEAST or value.startswith(("/", "./", "<", "{", "$")) or "${" in value or "$(" in value:
        return False
    has_both = any(each.isdigit() for each in value) and any(each.isalpha() for each in value)
    return has_both and not any(word in value.lower() for word in _PLAIN_WORDS)


def password_of(url: str) -> str:
    """Return the password in an address such as `postgresql://user:password@host/`, or nothing."""
    _, has_scheme, rest = url.partition("://")
    login, has_login, _ = rest.partition("/")[0].rpartition("@")
    return login.partition(":")[2] if has_scheme and has_login else ""
