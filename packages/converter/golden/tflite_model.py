"""Small models of TFLite, written by the classes that LiteRT generates of its schema, and what LiteRT's interpreter gives."""

import flatbuffers
import numpy as np
from ai_edge_litert import schema_py_generated as schema
from ai_edge_litert.interpreter import Interpreter, OpResolverType

TYPES = {
    "float32": schema.TensorType.FLOAT32,
    "float16": schema.TensorType.FLOAT16,
    "int32": schema.TensorType.INT32,
    "uint8": schema.TensorType.UINT8,
    "int64": schema.TensorType.INT64,
    "bool": schema.TensorType.BOOL,
    "int16": schema.TensorType.INT16,
    "int8": schema.TensorType.INT8,
}

first_versions = {"BROADCAST_TO": 2}  # else 1


class Tensor:
    """@param array the values of a constant or of an input, integers as they are stored; @param dynamic axes of unknown size"""

    def __init__(self, array, scale=None, zero=0, axis=0, kind="input", sparsity=None, dynamic=(), int4=False):
        self.array = np.asarray(array)
        self.dtype = str(self.array.dtype)
        self.scale, self.zero, self.axis = scale, zero, axis
        self.kind, self.sparsity, self.int4 = kind, sparsity, int4
        self.shape = [1 if i in dynamic else length for i, length in enumerate(self.array.shape)]
        self.signature = [-1 if i in dynamic else length for i, length in enumerate(self.array.shape)] if dynamic else None


def constant(array, **more):
    return Tensor(array, kind="constant", **more)


def variable(*shape):
    return Tensor(np.zeros(shape, np.float32), kind="variable")


def made(dtype="float32", scale=None, zero=0):
    """An output, or what lies between operators; its shape is what LiteRT says."""
    return Tensor(np.zeros((), dtype), scale, zero, kind="made")


class Op:
    """@param options by their names in the schema, or None for none"""

    def __init__(self, name, inputs, outputs, kind=None, **options):
        self.name, self.inputs, self.outputs, self.kind, self.options = name, inputs, outputs, kind, options


def sparsity(order, block_map, dimensions):
    """@param dimensions each the size of a dense one, or segments and indices"""
    written = schema.SparsityParametersT()
    written.traversalOrder, written.blockMap, written.dimMetadata = order, block_map, []
    for dimension in dimensions:
        metadata = schema.DimensionMetadataT()
        if isinstance(dimension, int):
            metadata.format, metadata.denseSize = schema.DimensionType.DENSE, dimension
        else:
            metadata.format = schema.DimensionType.SPARSE_CSR
            for side, values in zip(("arraySegments", "arrayIndices"), dimension):
                kind, vector = vector_of(values)
                setattr(metadata, side, vector)
                setattr(metadata, side + "Type", kind)
        written.dimMetadata.append(metadata)
    return written


def vector_of(values):
    """Bytes where they fit, as TFLite's converter has them."""
    name = "Uint8Vector" if max(values, default=0) < 256 else "Uint16Vector" if max(values) < 65536 else "Int32Vector"
    vector = getattr(schema, name + "T")()
    vector.values = np.asarray(values, {"Uint8Vector": np.uint8, "Uint16Vector": np.uint16, "Int32Vector": np.int32}[name])
    return getattr(schema.SparseIndexVector, name), vector


def written(ops, outputs):
    """@returns the bytes of a model, and the tensors that a run is given"""
    model = schema.ModelT()
    model.version, model.description = 3, None
    graph = schema.SubGraphT()
    model.subgraphs, model.buffers, model.operatorCodes = [graph], [schema.BufferT()], []
    graph.tensors, graph.operators = [], []
    places, given, codes = {}, [], []

    def place(tensor):
        if tensor is None:
            return -1
        if id(tensor) not in places:
            places[id(tensor)] = len(graph.tensors)
            graph.tensors.append(tensor_of(tensor, f"{tensor.kind}{len(graph.tensors)}", model.buffers))
            if tensor.kind == "input":
                given.append(tensor)
        return places[id(tensor)]

    for op in ops:
        if op.name not in codes:
            codes.append(op.name)
            code = schema.OperatorCodeT()
            code.builtinCode = getattr(schema.BuiltinOperator, op.name)
            code.deprecatedBuiltinCode = min(code.builtinCode, 127)
            code.version = first_versions.get(op.name, 1)
            model.operatorCodes.append(code)
        operator = schema.OperatorT()
        operator.opcodeIndex = codes.index(op.name)
        operator.inputs = [place(tensor) for tensor in op.inputs]
        operator.outputs = [place(tensor) for tensor in op.outputs]
        if op.kind:
            options = getattr(schema, op.kind + "T")()
            for name, value in op.options.items():
                assert hasattr(options, name), (op.kind, name)
                setattr(options, name, value)
            operator.builtinOptions = options
            operator.builtinOptionsType = getattr(schema.BuiltinOptions, op.kind)
        graph.operators.append(operator)
    graph.inputs = [places[id(tensor)] for tensor in given]
    graph.outputs = [places[id(tensor)] for tensor in outputs]
    builder = flatbuffers.Builder(1024)
    builder.Finish(model.Pack(builder), b"TFL3")
    return bytes(builder.Output()), given


def tensor_of(tensor, name, buffers):
    result = schema.TensorT()
    result.shape, result.name, result.buffer = tensor.shape, name, 0
    result.type = schema.TensorType.INT4 if tensor.int4 else TYPES[tensor.dtype]
    result.isVariable, result.shapeSignature = tensor.kind == "variable", tensor.signature
    result.sparsity = tensor.sparsity
    if tensor.kind == "constant":
        buffer = schema.BufferT()
        stored = tensor.array.reshape(-1)
        if tensor.int4:
            pairs = np.append(stored, np.zeros(len(stored) % 2, np.int8)).reshape(-1, 2)
            stored = ((pairs[:, 0] & 15) | ((pairs[:, 1] & 15) << 4)).astype(np.uint8)
        buffer.data = np.frombuffer(stored.tobytes(), np.uint8)
        result.buffer = len(buffers)
        buffers.append(buffer)
    if tensor.scale is not None:
        scales = np.atleast_1d(np.asarray(tensor.scale, np.float32))
        result.quantization = schema.QuantizationParametersT()
        result.quantization.scale = scales
        result.quantization.zeroPoint = np.broadcast_to(np.int64(tensor.zero), scales.shape).copy()
        result.quantization.quantizedDimension = tensor.axis
    return result


def interpreter_of(model):
    # Without XNNPACK, whose exponentials and roots are shorter.
    return Interpreter(model_content=model, experimental_op_resolver_type=OpResolverType.BUILTIN_WITHOUT_DEFAULT_DELEGATES)


def ran(model, arrays):
    """@returns what LiteRT gives, as it is stored, and the details of these tensors"""
    interpreter = interpreter_of(model)
    details = interpreter.get_input_details()
    for detail, array in zip(details, arrays, strict=True):
        if list(detail["shape"]) != list(array.shape):
            interpreter.resize_tensor_input(detail["index"], list(array.shape))
    interpreter.allocate_tensors()
    for detail, array in zip(details, arrays):
        interpreter.set_tensor(detail["index"], array)
    interpreter.invoke()
    ends = interpreter.get_output_details()
    return [interpreter.get_tensor(detail["index"]) for detail in ends], ends


def real(array, scale, zero):
    """Quantised values as numbers; as readTflite has all tensors of a quantised network."""
    if scale is None or len(np.atleast_1d(scale)) == 0:
        return array
    return ((array.astype(np.float64) - zero) * np.float32(scale)).astype(np.float32)


def plain(array):
    if array.dtype in (np.bool_, np.float32):
        return array
    if array.dtype.kind == "f":
        return array.astype(np.float32)
    return np.clip(array, -(2**31), 2**31 - 1).astype(np.int32)
