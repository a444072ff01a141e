/** A node of a frozen TensorFlow graph in the JSON of a tfjs GraphModel. */
export interface GraphNode {
  name: string;
  op: string;
  /** Names of nodes, with `:1` behind the name of one with several outputs, and `^` before one that only must run first. */
  input?: string[];
  attr?: Record<string, Attribute>;
}

/** Texts are base64 or char codes, integers may be texts. */
export interface Attribute {
  s?: string | number[];
  i?: string | number;
  f?: number;
  b?: boolean;
  type?: string | number;
  shape?: object;
  tensor?: object;
  list?: { s?: (string | number[])[]; i?: (string | number)[] };
}

export function textAttribute({ attr }: GraphNode, name: string): string | undefined {
  const encoded = attr?.[name]?.s;
  return encoded === undefined ? undefined : decoded(encoded);
}

export function textsAttribute({ attr }: GraphNode, name: string): string[] {
  return (attr?.[name]?.list?.s ?? []).map(decoded);
}

export function numbersAttribute({ attr }: GraphNode, name: string): number[] | undefined {
  return attr?.[name]?.list?.i?.map(Number);
}

export function isTrue({ attr }: GraphNode, name: string): boolean {
  return attr?.[name]?.b === true;
}

export function text(value: string): Attribute {
  return { s: btoa(value) };
}

export function integer(value: number): Attribute {
  return { i: value };
}

export function integers(values: readonly number[]): Attribute {
  return { list: { i: [...values] } };
}

/** Inputs that are values, and the `^` ones. */
export function splitInputs({ input = [] }: GraphNode): { values: string[]; controls: string[] } {
  return {
    values: input.filter((name) => !name.startsWith('^')),
    controls: input.filter((name) => name.startsWith('^')),
  };
}

/** The node that an input or output name means. */
export function nodeName(name: string): string {
  return name.replace(/^\^/, '').replace(/:.*$/, '');
}

function decoded(encoded: string | number[]): string {
  return Array.isArray(encoded) ? String.fromCharCode(...encoded) : atob(encoded);
}
