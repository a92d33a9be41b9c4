"""Serves one of BFCL's classes over MCP on standard input and output: `serve.py CLASS`, in a folder that holds `scenario.json`.

Its state lies in that folder, as `state.json` and `log.txt`, for whoever judges it. Where these files are not what it left there, the
folder was made ready for another episode, and so it begins anew: it may stay running from episode to episode.
"""

import importlib.resources
import json
import pathlib
import sys

from bfcl_class import Instance
from bfcl_eval.constants.executable_backend_config import MULTI_TURN_FUNC_DOC_FILE_MAPPING

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
    docs = importlib.resources.files("bfcl_eval") / "data/multi_turn_func_doc" / MULTI_TURN_FUNC_DOC_FILE_MAPPING[name]
    entries = [json.loads(line) for line in docs.read_text(encoding="utf-8").splitlines() if line.strip()]
    return [
        {"name": entry["name"], "description": entry["description"], "inputSchema": schema_of(entry["parameters"])}
        for entry in entries
    ]


class Served:
    def __init__(self, name):
        self.name = name
        self.instance = None
        self.left = None

    def call(self, tool, arguments):
        if self.instance is None or self.left != files_now():
            scenario = pathlib.Path("scenario.json")
            self.instance = Instance(self.name, json.loads(scenario.read_text(encoding="utf-8")))
        text, failed, _ = self.instance.call(tool, arguments)
        self.left = (self.instance.state(), self.instance.log())
        for name, content in zip(FILES, self.left):
            pathlib.Path(name).write_text(content, encoding="utf-8")
        return {"content": [{"type": "text", "text": text}], "isError": failed}


FILES = ("state.json", "log.txt")


def files_now():
    return tuple(read(pathlib.Path(name)) for name in FILES)


def read(path):
    return path.read_text(encoding="utf-8") if path.exists() else ""


def answer(served, tools, message):
    method, params = message["method"], message.get("params") or {}
    if method == "initialize":
        return {
            "protocolVersion": params.get("protocolVersion", "2025-06-18"),
            "capabilities": {"tools": {}},
            "serverInfo": {"name": served.name, "version": "1"},
        }
    if method == "ping":
        return {}
    if method == "tools/list":
        return {"tools": tools}
    if method == "tools/call":
        if params.get("name") not in {tool["name"] for tool in tools}:
            return {"content": [{"type": "text", "text": f"There is no tool {params.get('name')}."}], "isError": True}
        return served.call(params["name"], params.get("arguments") or {})
    return None


def main():
    served, tools = Served(sys.argv[1]), tools_of(sys.argv[1])
    for line in sys.stdin:
        message = json.loads(line)
        if "id" not in message or "method" not in message:
            continue
        result = answer(served, tools, message)
        reply = {"jsonrpc": "2.0", "id": message["id"]}
        if result is None:
            reply["error"] = {"code": -32601, "message": f"There is no method {message['method']}."}
        else:
            reply["result"] = result
        sys.stdout.write(json.dumps(reply) + "\n")
        sys.stdout.flush()


main()
