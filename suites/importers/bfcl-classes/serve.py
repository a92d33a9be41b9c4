"""Serves one of BFCL's classes over MCP on standard input and output: `serve.py CLASS`, in a folder that holds `scenario.json`.

Its state lies in that folder, as `state.json` and `log.txt`, for whoever judges it. Where these files are not what it left there, the
folder was made ready for another episode, and so it begins anew: it may stay running from episode to episode.
"""

import json
import pathlib
import sys

from bfcl_class import Instance, tools_of

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
