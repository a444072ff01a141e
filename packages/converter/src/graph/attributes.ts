/** An attribute of a node in the JSON of a tfjs GraphModel. Texts are base64 or char codes, integers may be texts. */
export interface Attribute {
  readonly s?: string | readonly number[];
  readonly i?: string | number;
  readonly f?: number;
  readonly b?: boolean;
  readonly type?: string | number;
  readonly shape?: object;
  readonly tensor?: object;
  readonly list?: {
    readonly s?: readonly (string | readonly number[])[];
    readonly i?: readonly (string | number)[];
  };
}

export type Attributes = Readonly<Record<string, Attribute>>;

interface WithAttributes {
  readonly attributes: Attributes;
}

export function textAttribute({ attributes }: WithAttributes, name: string): string | undefined {
  const encoded = attributes[name]?.s;
  return encoded === undefined ? undefined : decoded(encoded);
}

export function textsAttribute({ attributes }: WithAttributes, name: string): string[] {
  return (attributes[name]?.list?.s ?? []).map(decoded);
}

export function numbersAttribute({ attributes }: WithAttributes, name: string): number[] | undefined {
  return attributes[name]?.list?.i?.map(Number);
}

export function isTrue({ attributes }: WithAttributes, name: string): boolean {
  return attributes[name]?.b === true;
}

export function text(value: string): Attribute {
  return { s: btoa(value) };
}

export function texts(values: readonly string[]): Attribute {
  return { list: { s: values.map(btoa) } };
}

export function integer(value: number): Attribute {
  return { i: value };
}

export function integers(values: readonly number[]): Attribute {
  return { list: { i: [...values] } };
}

/** Shape of a tensor as protocol buffers have it. */
export function dimensions(shape: readonly number[]): { dim: { size: number }[] } {
  return { dim: shape.map((size) => ({ size })) };
}

function decoded(encoded: string | readonly number[]): string {
  return typeof encoded === 'string' ? atob(encoded) : String.fromCharCode(...encoded);
}
