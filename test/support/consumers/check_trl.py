"""Reads every file of a directory with `datasets`, and puts the rows of TRL's formats through TRL's own functions: each text, each tool and each call
has to come out of them.

Usage: check_trl.py DIRECTORY CACHE
"""

import json
import pathlib
import sys

import datasets
from check_datasets import load, trl_data_utils

TRL_FORMATS = {"openai", "trl", "dpo", "kto", "axolotl"}


class Tokenizer:
    """A chat template that writes everything down."""

    def apply_chat_template(self, messages, tools=None, add_generation_prompt=False, **_):
        text = json.dumps(tools) if tools else ""
        for message in messages:
            text += f"<{message['role']}>{message.get('reasoning_content') or ''}{message.get('content') or ''}"
            text += json.dumps(message["tool_calls"]) if message.get("tool_calls") else ""
        return text + ("<assistant>" if add_generation_prompt else "")


def plain(value):
    """Without what is null: `datasets` gives every row the columns of all."""
    if isinstance(value, dict):
        return {k: plain(v) for k, v in value.items() if v is not None}
    return [plain(v) for v in value] if isinstance(value, list) else value


def rows_of(kind, path, cache):
    return [plain(row) for row in load(kind, path, cache)]


def templated(trl, row):
    tools = row.get("tools")
    tools = json.loads(tools) if isinstance(tools, str) else tools
    row = {name: value for name, value in row.items() if name not in ("label", "tools")}
    return json.dumps(trl.apply_chat_template(trl.maybe_extract_prompt(row), Tokenizer(), tools=tools))


def held(row):
    """What the text for training has to hold: every text of the row, the names of tools and of calls."""
    found = []
    for key in ("prompt", "completion", "chosen", "rejected", "messages"):
        for message in row.get(key) or []:
            found += [message.get("content"), message.get("reasoning_content")]
            found += [call["function"]["name"] for call in message.get("tool_calls") or []]
    tools = row.get("tools")
    tools = json.loads(tools) if isinstance(tools, str) else tools
    return [text for text in found if text] + [tool["function"]["name"] for tool in tools or []]


def wrong_in(trl, path, cache):
    written = [plain(json.loads(line)) for line in path.read_text().splitlines()]
    rows = rows_of("json", path, cache)
    columns = rows_of("parquet", path.with_suffix(".parquet"), cache)
    if rows != written:
        return "datasets reads other rows than the lines are"
    if len(columns) != len(written):
        return f"{len(columns)} rows of Parquet, {len(written)} lines"
    for row in rows + columns if path.stem in TRL_FORMATS else []:
        if not trl.is_conversational(row):
            return f"no conversation to TRL: {row}"
        text = templated(trl, row)
        lost = [part for part in held(row) if json.dumps(part)[1:-1] not in text]
        if lost:
            return f"{lost} is not in {text}"
    return "nothing"


def main(directory, cache):
    datasets.disable_progress_bars()
    trl = trl_data_utils()
    paths = sorted(pathlib.Path(directory).glob("*.jsonl"))
    print(json.dumps({path.stem: wrong_in(trl, path, cache) for path in paths}))


main(*sys.argv[1:3])
