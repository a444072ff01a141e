"""Makes golden/architectures: networks as their repositories define them, in PyTorch, with seeded weights, inputs and outputs.

Sparse convolutions are loops over sites and offsets in float64. python make_architectures.py [name of a file there]
(with torch; written by PyTorch 2.15)
"""
import importlib
import os
import sys

FOLDER = os.path.join(os.path.dirname(os.path.abspath(__file__)), "architectures")
sys.path.insert(0, FOLDER)
NAMES = [file[:-3] for file in sorted(os.listdir(FOLDER)) if file.endswith(".py") and file not in ("files.py", "sparse.py")]
for name in sys.argv[1:] or NAMES:
    importlib.import_module(name).main()
