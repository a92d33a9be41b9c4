"""One of BFCL's classes in a scenario: its calls, its state, and what its calls have shown, each as text that can be compared."""

import copy
import hashlib
import importlib
import importlib.resources
import inspect
import json

from bfcl_eval.constants.executable_backend_config import (
    CLASS_FILE_PATH_MAPPING,
    MULTI_TURN_FUNC_DOC_FILE_MAPPING,
    STATELESS_CLASSES,
)

# Long texts (the classes of `long_context` hold megabytes) are compared by their hash.
LONGEST_TEXT = 2000


class Instance:
    """An instance of the class `name`, as the benchmark itself loads it. `scenario` has `config` and `longContext`."""

    def __init__(self, name, scenario):
        self.name = name
        self._object = getattr(importlib.import_module(CLASS_FILE_PATH_MAPPING[name]), name)()
        if name not in STATELESS_CLASSES:
            config = copy.deepcopy(scenario.get("config") or {})
            self._object._load_scenario(config, long_context=scenario.get("longContext", False))
        self._lines = {}

    def methods(self):
        """Name → bound method, of those that are the class's functions."""
        found = inspect.getmembers(self._object, predicate=inspect.ismethod)
        return {name: method for name, method in found if not name.startswith("_")}

    def call(self, name, arguments):
        """Returns the result's text as the benchmark writes it, whether it is an error, and else the log's line for it."""
        before = self.state()
        try:
            # A class may keep a list that it was given, and go on to change it.
            result = self.methods()[name](**copy.deepcopy(arguments))
        except Exception as error:  # the benchmark hands any of them to the model
            return f"Error during execution: {error}", True, None
        failed = isinstance(result, dict) and "error" in result
        if self.state() != before:
            self._lines[reached(self.state())] = True
        if failed:
            return text_of(result), True, None
        line = shown(leaves_of(result))
        self._lines[line] = True
        return text_of(result), False, line

    def state(self):
        """Its public attributes, which are what the benchmark compares, as JSON in one form."""
        return json.dumps(plain(self._object), sort_keys=True)

    def log(self):
        """A line for each state that was reached, and for each result without error, once; never empty."""
        return "".join(f"{line}\n" for line in ("«called»", *self._lines))


def reached(state):
    return f"«state {sha256(state)}»"


def shown(leaves):
    """JSON is written in ASCII, so that no text of a result ends such a line or looks like one."""
    return f"«{leaves}»" if len(leaves) <= LONGEST_TEXT else f"«{len(leaves)} characters {sha256(leaves)}»"


def text_of(result):
    if isinstance(result, str):
        return result
    try:
        return json.dumps(result) if isinstance(result, dict) else str(result)
    except TypeError:
        return str(result)


def plain(value):
    """A value as JSON in which what Python holds for equal is equal."""
    if isinstance(value, str):
        return value if len(value) <= LONGEST_TEXT else f"[{len(value)} characters, SHA-256 {sha256(value)}]"
    if isinstance(value, float) and value.is_integer():
        return int(value)
    if value is None or isinstance(value, (bool, int, float)):
        return value
    if isinstance(value, dict):
        return {str(key): plain(inner) for key, inner in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(inner) for inner in value]
    if isinstance(value, (set, frozenset)):
        return sorted((plain(inner) for inner in value), key=json.dumps)
    if not hasattr(value, "__dict__"):
        return str(value)
    # A file knows the folder it lies in, which knows its files.
    attributes = {key: inner for key, inner in vars(value).items() if not key.startswith("_") and key != "parent"}
    return plain(attributes)


def leaves_of(result):
    """What a result says, whatever its keys are called and in whatever order they stand: `cat` and `tail` of a short file agree."""
    found = []

    def walk(value):
        if isinstance(value, dict):
            for inner in value.values():
                walk(inner)
        elif isinstance(value, list):
            for inner in value:
                walk(inner)
        else:
            found.append(json.dumps(value))

    walk(plain(result))
    return f"[{', '.join(sorted(found))}]"


def sha256(text):
    return hashlib.sha256(text.encode()).hexdigest()


# The benchmark's names of types, and JSON Schema's.
TYPES = {"dict": "object", "float": "number", "tuple": "array", "any": None}


def schema_of(schema):
    """The benchmark writes no default as the text None."""
    result = {}
    for key, value in schema.items():
        if key == "type":
            kind = TYPES.get(value, value)
            if kind is not None:
                result[key] = kind
        elif key == "properties":
            result[key] = {name: schema_of(inner) for name, inner in value.items()}
        elif key == "items":
            result[key] = schema_of(value)
        elif key != "default" or value != "None":
            result[key] = value
    return result


def tools_of(name):
    """The class's functions as MCP lists tools."""
    docs = importlib.resources.files("bfcl_eval") / "data/multi_turn_func_doc" / MULTI_TURN_FUNC_DOC_FILE_MAPPING[name]
    entries = [json.loads(line) for line in docs.read_text(encoding="utf-8").splitlines() if line.strip()]
    return [
        {"name": entry["name"], "description": entry["description"], "inputSchema": schema_of(entry["parameters"])}
        for entry in entries
    ]
