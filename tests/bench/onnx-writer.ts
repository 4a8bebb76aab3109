/** Writes ONNX model files: just enough of the format (onnx.proto, IR version 8) for the benchmark's reference graphs. */

const textEncoder = new TextEncoder();

class Writer {
  readonly #parts: Uint8Array[] = [];
  #length = 0;
  get bytes(): Uint8Array {
    const out = new Uint8Array(this.#length);
    let at = 0;
    for (const part of this.#parts) {
      out.set(part, at);
      at += part.length;
    }
    return out;
  }
  #push(part: Uint8Array): void {
    this.#parts.push(part);
    this.#length += part.length;
  }
  #varint(value: number): void {
    const bytes: number[] = [];
    do {
      const rest = Math.floor(value / 128);
      bytes.push((value % 128) | (rest > 0 ? 0x80 : 0));
      value = rest;
    } while (value > 0);
    this.#push(Uint8Array.from(bytes));
  }
  int(field: number, value: number): this {
    this.#varint(field * 8);
    this.#varint(value);
    return this;
  }
  float(field: number, value: number): this {
    this.#varint(field * 8 + 5);
    this.#push(new Uint8Array(Float32Array.of(value).buffer));
    return this;
  }
  raw(field: number, value: Uint8Array): this {
    this.#varint(field * 8 + 2);
    this.#varint(value.length);
    this.#push(value);
    return this;
  }
  text(field: number, value: string): this {
    return this.raw(field, textEncoder.encode(value));
  }
  message(field: number, fill: (writer: Writer) => void): this {
    const inner = new Writer();
    fill(inner);
    return this.raw(field, inner.bytes);
  }
}

const TYPES = { float: 1, uint8: 2, int8: 3, int32: 6, int64: 7, float16: 10 } as const;
type ElementType = keyof typeof TYPES;
type Attribute = { readonly float: number } | { readonly int: number } | { readonly ints: readonly number[] };

/** Collects nodes and weights of one graph. */
export class GraphWriter {
  readonly #nodes: ((writer: Writer) => void)[] = [];
  readonly #weights: ((writer: Writer) => void)[] = [];
  #names = 0;

  /** Adds a node with one output and gives the output's name. */
  node(type: string, inputs: readonly string[], attributes: Readonly<Record<string, Attribute>> = {}): string {
    return this.nodes(type, inputs, 1, attributes)[0]!;
  }

  nodes(type: string, inputs: readonly string[], outputs: number, attributes: Readonly<Record<string, Attribute>> = {}): string[] {
    const names = Array.from({ length: outputs }, () => `v${this.#names++}`);
    this.#nodes.push((writer) => {
      for (const input of inputs) writer.text(1, input);
      for (const output of names) writer.text(2, output);
      writer.text(3, `n_${names[0]!}`).text(4, type);
      for (const [name, value] of Object.entries(attributes)) {
        writer.message(5, (attribute) => {
          attribute.text(1, name);
          if ('float' in value) attribute.float(2, value.float).int(20, 1);
          else if ('int' in value) attribute.int(3, value.int).int(20, 2);
          else {
            for (const one of value.ints) attribute.int(8, one);
            attribute.int(20, 7);
          }
        });
      }
    });
    return names;
  }

  /** @param name that of an input, to give the input a default */
  weight(type: ElementType, dims: readonly number[], data: ArrayBufferView, name = `w${this.#names++}`): string {
    const raw = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
    this.#weights.push((writer) => {
      for (const dim of dims) writer.int(1, dim);
      writer.int(2, TYPES[type]).text(8, name).raw(9, raw);
    });
    return name;
  }

  /** @param inputs name → element type and dimensions (a text is a free dimension). */
  model(inputs: Readonly<Record<string, readonly [ElementType, readonly (number | string)[]]>>, outputs: string | readonly string[]): Uint8Array {
    const value = (name: string, type: ElementType, dims: readonly (number | string)[] | undefined) => (writer: Writer) => {
      writer.text(1, name).message(2, (whole) =>
        whole.message(1, (tensor) => {
          tensor.int(1, TYPES[type]);
          if (dims !== undefined) tensor.message(2, (shape) => dims.forEach((dim) => shape.message(1, (one) => (typeof dim === 'number' ? one.int(1, dim) : one.text(2, dim)))));
        }),
      );
    };
    const writer = new Writer();
    writer.int(1, 8);
    writer.message(7, (graph) => {
      for (const node of this.#nodes) graph.message(1, node);
      graph.text(2, 'reference');
      for (const weight of this.#weights) graph.message(5, weight);
      for (const [name, [type, dims]] of Object.entries(inputs)) graph.message(11, value(name, type, dims));
      for (const output of [outputs].flat()) graph.message(12, value(output, 'float', undefined));
    });
    writer.message(8, (opset) => opset.text(1, '').int(2, 17));
    return writer.bytes;
  }
}
