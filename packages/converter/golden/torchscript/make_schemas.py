"""Writes ../../src/torch/script/schemas.ts: how PyTorch's ops take their arguments, for the ops that the converter covers.

    node -e "import('../../dist/torch/aten/index.js').then((m) => console.log(Object.keys(m.atenOps).join('\\n')))" > names.txt
    python make_schemas.py names.txt

PyTorch 2.15. Of the overloads stay those that give tensors and write into no given output.
"""
import re
import sys
import textwrap

import torch

HEAD = """// Written by golden/torchscript/make_schemas.py from the schemas of PyTorch {version}.

/**
 * Arguments of the overloads of ops: `T` tensor, `n` number, `b` boolean, `s` text, `o` what does not matter here; `[]` a list, `?`
 * or None, `=` with a default. Those behind a star come by name alone.
 */
export const schemaText = `
"""
KINDS = {"Tensor": "T", "int": "n", "SymInt": "n", "float": "n", "Scalar": "n", "number": "n", "bool": "b", "str": "s", "ScalarType": "n"}
OTHERS = {"Device", "Layout", "MemoryFormat", "Generator", "Stream"}


def kind(text):
    text = re.sub(r"\[\d+\]", "[]", re.sub(r"\([^)]*\)", "", text))  # aliases, lengths
    core = re.match(r"\w+", text)[0]
    if core in OTHERS:
        return "o"
    return KINDS[core] + text[len(core):]


def line(schema):
    if re.search(r"Dimname|complex|!|Storage|Any\b", str(schema)):
        return None
    text = str(schema)
    arguments = text[text.index("(") + 1: text.rindex(" -> ") - 1]
    if "Tensor" not in text[text.rindex(" -> "):]:
        return None
    parts, depth, start = [], 0, 0
    for i, c in enumerate(arguments + ","):
        depth += c in "[(" and 1 or c in "])" and -1 or 0
        if c == "," and depth == 0:
            parts.append(arguments[start:i].strip())
            start = i + 1
    made = []
    for part in parts:
        if part == "*":
            made.append("*")
            continue
        if not part:
            continue
        name = re.match(r"(.+?) (\w+)(=.*)?$", part)
        made.append(f"{kind(name[1])} {name[2]}{'=' if name[3] else ''}")
    return ", ".join(made)


names = [name.strip() for name in open(sys.argv[1]) if name.strip()]
bases = sorted({name.split(".")[0] for name in names})
known = {}
for schema in torch._C._jit_get_all_schemas():
    if schema.name.startswith("aten::"):
        known.setdefault(schema.name[6:], []).append(schema)
words = []
for base in bases:
    found = []
    for schema in known[base]:
        try:
            made = line(schema)
        except (KeyError, TypeError):  # types that are not read
            continue
        if made is not None and all(made != other for _, other in found):
            found.append((schema.overload_name, made))
    words += (f"{base}(" + " | ".join(f"{overload}: {made}" for overload, made in found) + ");").split(" ")
with open("../../src/torch/script/schemas.ts", "w") as file:
    file.write(HEAD.format(version=torch.__version__.split("+")[0]))
    file.write(textwrap.fill(" ".join(words), 126, break_long_words=False, break_on_hyphens=False) + "\n`;\n")
