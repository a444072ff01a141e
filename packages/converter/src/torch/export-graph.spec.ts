import { FormatError } from '../format-error.js';
import { exportedGraph } from './export-graph.js';
import type { ExportedArgument, ExportedProgram } from './read-export.js';

const tensor = (name: string): ExportedArgument => ({ as_tensor: { name } });

/** `relu.default(x) -> y` of the module `body.act`, with other arguments behind `x`. */
function node(op: string, x: string, y: string, others: Readonly<Record<string, ExportedArgument>> = {}) {
  const given = { self: tensor(x), ...others };
  return {
    target: op.includes('.ops.') ? op : `torch.ops.aten.${op}`,
    inputs: Object.entries(given).map(([name, arg]) => ({ name, arg })),
    outputs: [tensor(y)],
    metadata: { nn_module_stack: 'L__self__,,net.Net;L__self__body,body.act,torch.nn.ReLU' },
  };
}

/** A program of one input `x [rows, 2]`. */
function program(
  nodes: ReturnType<typeof node>[],
  output: string,
  more: Partial<ExportedProgram> = {},
): ExportedProgram {
  const rows = { as_expr: { expr_str: "Symbol('s0', positive=True, integer=True)" } };
  const names = [
    'x',
    ...nodes.flatMap(({ outputs }) => outputs.map((each) => (each.as_tensor as { name: string }).name)),
  ];
  const value = { dtype: 7, sizes: [rows, { as_int: 2 }] };
  return {
    graph: { nodes, tensor_values: Object.fromEntries(names.map((name) => [name, value])) },
    inputs: [{ kind: 'user', name: 'x', target: null }],
    outputs: [output],
    changed: [],
    weights: new Map(),
    opsets: new Map(),
    ...more,
  };
}

describe('exportedGraph', () => {
  it('keeps the names of inputs, numbers outputs, and names nodes after their modules', async () => {
    const graph = await exportedGraph(program([node('relu.default', 'x', 'y')], 'y'));
    const { signature } = graph.surroundings.artifacts as { signature?: unknown };
    expect(signature).toEqual({
      inputs: { x: jasmine.objectContaining({ name: 'x:0', tensorShape: { dim: [{ size: -1 }, { size: 2 }] } }) },
      outputs: { output_0: jasmine.objectContaining({ name: 'output_0:0' }) },
    });
    expect(graph.nodes.map(({ name, op }) => `${name} ${op}`)).toContain('body.act.y/Relu Relu');
  });

  it('names all ops that are not covered, with their modules', async () => {
    const nodes = [node('fft_fft.default', 'x', 'a'), node('torch.ops.my.op.default', 'a', 'b'), node('fft_fft.default', 'b', 'c')]; // prettier-ignore
    await expectAsync(exportedGraph(program(nodes, 'c'))).toBeRejectedWithError(
      FormatError,
      'exportedGraph: ops must be covered, got aten.fft_fft.default (body.act.a, body.act.c), my.op.default (body.act.b)',
    );
  });

  it('refuses ops that train, and says where', async () => {
    const dropout = { ...node('dropout.default', 'x', 'y', { p: { as_float: 0.5 }, train: { as_bool: true } }) };
    await expectAsync(exportedGraph(program([dropout], 'y'))).toBeRejectedWithError(
      FormatError,
      'exportedGraph: aten.dropout.default must be of a network in eval mode, got train true (in torch.ops.aten.dropout.default body.act.y)',
    );
  });

  it('refuses programs that change what outlives a run', async () => {
    await expectAsync(
      exportedGraph(program([node('relu.default', 'x', 'y')], 'y', { changed: ['cache'] })),
    ).toBeRejectedWithError(FormatError, 'exportedGraph: a program must not change its buffers and inputs, got cache');
    const inputs = [{ kind: 'buffer', name: 'b', target: 'b' }] as const;
    await expectAsync(exportedGraph(program([node('relu_.default', 'b', 'y')], 'y', { inputs }))).toBeRejectedWithError(
      FormatError,
      /must not change its buffers and inputs, got b/,
    );
  });

  it('follows a change in place, and refuses one that another view shows', async () => {
    const changed = await exportedGraph(program([node('neg.default', 'x', 'y'), node('relu_.default', 'y', 'z')], 'y'));
    const [output] = changed.nodes.filter(({ name }) => name === 'output_0');
    expect(output.inputs.map((input) => input.node.op)).toEqual(['Relu']);
    const nodes = [
      node('neg.default', 'x', 'y'),
      node('permute.default', 'y', 'view'),
      node('relu_.default', 'view', 'z'),
    ];
    await expectAsync(exportedGraph(program(nodes, 'y'))).toBeRejectedWithError(
      FormatError,
      /relu_.default must not change a tensor of which another view is read later \(run_decompositions\(\) resolves it\), got y/,
    );
  });

  it('refuses to read an output that tfjs has not', async () => {
    const dropped = {
      ...node('native_dropout.default', 'x', 'y', { p: { as_float: 0 } }),
      outputs: [tensor('y'), tensor('mask')],
    };
    dropped.inputs[0].name = 'input';
    await expectAsync(exportedGraph(program([dropped, node('neg.default', 'mask', 'z')], 'z'))).toBeRejectedWithError(
      FormatError,
      /nodes must read outputs that tfjs has, such as no indices of poolings, got mask \(in torch.ops.aten.neg.default body.act.z\)/,
    );
  });

  it('refuses arguments and values that tfjs has not', async () => {
    const graph = (others: Readonly<Record<string, ExportedArgument>>) => exportedGraph(program([node('add.Tensor', 'x', 'y', others)], 'y')); // prettier-ignore
    await expectAsync(graph({})).toBeRejectedWithError(
      FormatError,
      /aten.add.Tensor must have a tensor as other, got none/,
    );
    await expectAsync(graph({ other: { as_complex: { real: 0, imag: 1 } } })).toBeRejectedWithError(
      FormatError,
      /arguments must be tensors, numbers, sizes or texts, got as_complex/,
    );
    await expectAsync(graph({ other: tensor('nowhere') })).toBeRejectedWithError(
      FormatError,
      /nodes must read what inputs, weights or nodes before them give, got nowhere/,
    );
  });
});
