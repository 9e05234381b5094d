"""Loads exported files as trainers do, with the real `datasets` and TRL's own data code, and tells what it found.

Usage: check_datasets.py DIRECTORY CACHE, where DIRECTORY holds FORMAT.jsonl, FORMAT.parquet and `parts`, a dataset in parts.
"""

import importlib.util
import json
import pathlib
import sys
import types

import datasets


TRL_FORMATS = {"openai", "trl", "prompt-completion", "dpo", "kto", "axolotl"}


class Tokenizer:
    """As much of a tokenizer as TRL's templates need: the messages, one after the other."""

    def apply_chat_template(self, messages, add_generation_prompt=False, continue_final_message=False, **_):
        text = "".join(f"<{m['role']}>{m.get('reasoning_content') or ''}{m['content']}" for m in messages)
        return text + ("<assistant>" if add_generation_prompt else "")


def trl_data_utils():
    """TRL's data_utils.py by itself. Of transformers it only wants two names for its annotations."""
    names = {"PreTrainedTokenizerBase": Tokenizer, "ProcessorMixin": type("ProcessorMixin", (), {})}
    sys.modules["transformers"] = types.SimpleNamespace(**names)
    place = next(pathlib.Path(path) / "trl/data_utils.py" for path in sys.path if (pathlib.Path(path) / "trl/data_utils.py").exists())
    spec = importlib.util.spec_from_file_location("trl_data_utils", place)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def load(kind, path, cache):
    return datasets.load_dataset(kind, data_files=str(path), split="train", cache_dir=cache)


def without_nulls(value):
    """JSON has no field where Parquet has a null."""
    if isinstance(value, dict):
        return {name: without_nulls(each) for name, each in value.items() if each is not None}
    return [without_nulls(each) for each in value] if isinstance(value, list) else value


def main(directory, cache):
    datasets.disable_progress_bars()
    trl = trl_data_utils()
    found = {}
    for path in sorted(pathlib.Path(directory).glob("*.jsonl")):
        rows = load("json", path, cache)
        columns = load("parquet", path.with_suffix(".parquet"), cache)
        first = rows[0]
        conversational = trl.is_conversational(first) if path.stem in TRL_FORMATS else None
        texts = sorted(trl.apply_chat_template(first, Tokenizer())) if conversational else None
        same = [without_nulls(row) for row in rows] == [without_nulls(row) for row in columns]
        found[path.stem] = {"rows": len(rows), "sameAsParquet": same, "conversational": conversational, "texts": texts}
    pairs = load("json", pathlib.Path(directory) / "dpo.jsonl", cache)
    found["unpaired"] = sorted(set(trl.unpair_preference_dataset(pairs)["label"]))
    parts = datasets.load_dataset(str(pathlib.Path(directory) / "parts"), cache_dir=cache)
    found["parts"] = {name: len(part) for name, part in parts.items()}
    print(json.dumps(found))


if __name__ == "__main__":
    main(*sys.argv[1:3])
