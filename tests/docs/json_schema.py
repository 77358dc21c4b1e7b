"""A small validator for the part of JSON Schema 2020-12 that docs/schema/ uses. A keyword that it does not know is an error."""

import re

TYPES = {
    "null": lambda value: value is None,
    "boolean": lambda value: isinstance(value, bool),
    "integer": lambda value: isinstance(value, int) and not isinstance(value, bool),
    "string": lambda value: isinstance(value, str),
    "array": lambda value: isinstance(value, list),
    "object": lambda value: isinstance(value, dict),
}
ANNOTATIONS = {"$schema", "$defs", "title", "description"}


def _same(one, other):
    return type(one) is type(other) and one == other


def _types(value, names):
    return any(TYPES[name](value) for name in ([names] if isinstance(names, str) else names))


# For each keyword: does it hold? A limit of another type holds by definition.
KEYWORDS = {
    "type": _types,
    "const": _same,
    "enum": lambda value, words: any(_same(value, word) for word in words),
    "pattern": lambda value, pattern: not isinstance(value, str) or re.search(pattern, value) is not None,
    "minLength": lambda value, limit: not isinstance(value, str) or len(value) >= limit,
    "minimum": lambda value, limit: not TYPES["integer"](value) or value >= limit,
    "maximum": lambda value, limit: not TYPES["integer"](value) or value <= limit,
    "required": lambda value, names: not isinstance(value, dict) or all(name in value for name in names),
}


def errors(value, schema, root=None, where="$"):
    """Every violation as one line; [] when the value is valid."""
    root = root or schema
    found = []
    for keyword, rule in schema.items():
        if keyword == "$ref":
            target = root
            for part in rule.removeprefix("#/").split("/"):
                target = target[part]
            found += errors(value, target, root, where)
        elif keyword == "properties":
            for name, inner in rule.items() if isinstance(value, dict) else ():
                if name in value:
                    found += errors(value[name], inner, root, f"{where}.{name}")
        elif keyword == "items":
            for index, item in enumerate(value if isinstance(value, list) else ()):
                found += errors(item, rule, root, f"{where}[{index}]")
        elif keyword in KEYWORDS:
            if not KEYWORDS[keyword](value, rule):
                text = repr(value)
                missing = [name for name in rule if name not in value] if keyword == "required" else rule
                found.append(f"{where}: {keyword} {missing}, got {text[:60]}{'...' if len(text) > 60 else ''}")
        elif keyword not in ANNOTATIONS:
            raise ValueError(f"the validator does not know the keyword {keyword}")
    return found
