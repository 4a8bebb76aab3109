/**
 * The encoders that speed is compared with: the shapes of MiniLM-L12-H384 (Wang et al. 2020, arXiv 2002.10957) and
 * ALBERT-base-v2 (Lan et al. 2019, arXiv 1909.11942), with random weights, quantised to int8 as onnxruntime's dynamic
 * quantisation does it (activations quantised on the fly, matrix products in integers). Weights do not change the speed.
 */
import { GraphWriter } from './onnx-writer.ts';

export interface EncoderShape {
  readonly name: string;
  readonly layers: number;
  readonly hidden: number;
  readonly inner: number;
  readonly heads: number;
  /** Width of the embedding table, when it is not the hidden width. */
  readonly embedding: number;
  /** All layers use the same weights. */
  readonly shared: boolean;
}

export const MINILM: EncoderShape = { name: 'MiniLM-L12-H384', layers: 12, hidden: 384, inner: 1536, heads: 12, embedding: 384, shared: false };
export const ALBERT: EncoderShape = { name: 'ALBERT-base-v2', layers: 12, hidden: 768, inner: 3072, heads: 12, embedding: 128, shared: true };

/** The table's length does not matter for speed; it only has to hold every id. */
export const REFERENCE_VOCABULARY = 30_522;
const POSITIONS = 512;

/** Repeatable pseudo-random numbers (mulberry32), so that two runs measure the same file. */
function randomInts(count: number, seed: number): Int8Array {
  const out = new Int8Array(count);
  let state = seed >>> 0;
  for (let i = 0; i < count; i++) {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    out[i] = (mixed ^ (mixed >>> 14)) & 0x7f;
    out[i]! -= 64;
  }
  return out;
}

/** The ONNX file of an encoder: `input_ids`, `attention_mask` (int64 [batch, length]) → pooled vector [batch, hidden]. */
export function encoderGraph(shape: EncoderShape): Uint8Array {
  const graph = new GraphWriter();
  let seed = 1;
  const float = (values: number[], dims: number[]) => graph.weight('float', dims, Float32Array.from(values));
  const ints = (values: number[]) => graph.weight('int64', [values.length], BigInt64Array.from(values.map(BigInt)));
  const scale = float([0.01], []);
  const zero = graph.weight('int8', [], new Int8Array(1));
  const filled = (value: number, size: number) => float(Array<number>(size).fill(value), [size]);

  interface Linear {
    readonly weight: string;
    readonly bias: string;
  }
  const linear = (from: number, to: number): Linear => ({ weight: graph.weight('int8', [from, to], randomInts(from * to, seed++)), bias: filled(0.01, to) });
  const apply = (input: string, { weight, bias }: Linear): string => {
    const [quantised, inputScale, inputZero] = graph.nodes('DynamicQuantizeLinear', [input], 3);
    const product = graph.node('MatMulInteger', [quantised!, weight, inputZero!, zero]);
    const real = graph.node('Mul', [graph.node('Cast', [product], { to: { int: 1 } }), graph.node('Mul', [inputScale!, scale])]);
    return graph.node('Add', [real, bias]);
  };
  const norm = (size: number) => ({ gamma: filled(1, size), beta: filled(0, size) });
  const normalise = (input: string, { gamma, beta }: ReturnType<typeof norm>) => graph.node('LayerNormalization', [input, gamma, beta], { axis: { int: 2 }, epsilon: { float: 1e-12 } });
  const table = (rows: number, width: number) => graph.weight('int8', [rows, width], randomInts(rows * width, seed++));
  const lookUp = (rows: string, ids: string) => graph.node('DequantizeLinear', [graph.node('Gather', [rows, ids]), scale, zero]);

  const { hidden, inner, heads, embedding } = shape;
  const width = hidden / heads;
  const [zeroIndex, one, two, step] = [ints([0]), ints([1]), ints([2]), graph.weight('int64', [], BigInt64Array.of(1n))];
  const length = graph.node('Slice', [graph.node('Shape', ['input_ids']), one, two]);
  const scalarZero = graph.weight('int64', [], BigInt64Array.of(0n));
  const positions = graph.node('Range', [scalarZero, graph.node('Squeeze', [length, zeroIndex]), step]);
  let x = graph.node('Add', [lookUp(table(REFERENCE_VOCABULARY, embedding), 'input_ids'), lookUp(table(POSITIONS, embedding), positions)]);
  x = normalise(x, norm(embedding));
  if (embedding !== hidden) x = apply(x, linear(embedding, hidden));

  // Padding gets a large negative number before the softmax.
  const mask = graph.node('Unsqueeze', [graph.node('Cast', ['attention_mask'], { to: { int: 1 } }), ints([1, 2])]);
  const bias = graph.node('Mul', [graph.node('Sub', [float([1], []), mask]), float([-10_000], [])]);
  const split = ints([0, 0, heads, width]);
  const joined = ints([0, 0, hidden]);

  const layerWeights = () => ({ q: linear(hidden, hidden), k: linear(hidden, hidden), v: linear(hidden, hidden), o: linear(hidden, hidden), up: linear(hidden, inner), down: linear(inner, hidden), first: norm(hidden), second: norm(hidden) });
  const sharedWeights = layerWeights();
  const [half, unit, root, scaling] = [float([0.5], []), float([1], []), float([Math.SQRT2], []), float([1 / Math.sqrt(width)], [])];
  for (let layer = 0; layer < shape.layers; layer++) {
    const weights = shape.shared ? sharedWeights : layer === 0 ? sharedWeights : layerWeights();
    const headsOf = (input: string, order: number[]) => graph.node('Transpose', [graph.node('Reshape', [input, split])], { perm: { ints: order } });
    const scores = graph.node('MatMul', [headsOf(apply(x, weights.q), [0, 2, 1, 3]), headsOf(apply(x, weights.k), [0, 2, 3, 1])]);
    const attention = graph.node('Softmax', [graph.node('Add', [graph.node('Mul', [scores, scaling]), bias])], { axis: { int: 3 } });
    const mixed = graph.node('MatMul', [attention, headsOf(apply(x, weights.v), [0, 2, 1, 3])]);
    const together = graph.node('Reshape', [graph.node('Transpose', [mixed], { perm: { ints: [0, 2, 1, 3] } }), joined]);
    x = normalise(graph.node('Add', [x, apply(together, weights.o)]), weights.first);
    const up = apply(x, weights.up);
    // GELU by the error function (Hendrycks and Gimpel 2016, arXiv 1606.08415).
    const gelu = graph.node('Mul', [graph.node('Mul', [up, half]), graph.node('Add', [graph.node('Erf', [graph.node('Div', [up, root])]), unit])]);
    x = normalise(graph.node('Add', [x, apply(gelu, weights.down)]), weights.second);
  }
  const pooled = graph.node('ReduceMean', [x], { axes: { ints: [1] }, keepdims: { int: 0 } });
  return graph.model({ input_ids: ['int64', ['batch', 'length']], attention_mask: ['int64', ['batch', 'length']] }, pooled);
}
