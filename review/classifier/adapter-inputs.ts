/**
 * Makes inputs with a default into inputs that must be fed.
 *
 * In ONNX (IR version 4 and later) a graph input that also has an initialiser may be left out by the caller; the initialiser
 * is then its value. Python and transformers.js rely on that. onnxruntime-web cannot feed such inputs at all: it lists and
 * takes only those without an initialiser. So the initialisers are cut out of the model's bytes before it is opened.
 *
 * Field numbers (onnx.proto): ModelProto.graph = 7; GraphProto.initializer = 5, .input = 11; TensorProto.name = 8;
 * ValueInfoProto.name = 1.
 */
import { ModelError } from './config.ts';

const MODEL_GRAPH = 7;
const GRAPH_INITIALIZER = 5;
const GRAPH_INPUT = 11;
const TENSOR_NAME = 8;
const VALUE_NAME = 1;
const LENGTH_DELIMITED = 2;

/** One field of a message: its tag begins at `start`, its content (without the length) at `content`; both end at `end`. */
interface Field {
  readonly number: number;
  readonly wire: number;
  readonly start: number;
  readonly content: number;
  readonly end: number;
}

/**
 * @param names inputs to make required; each must be an input of the graph with exactly one initialiser
 * @returns the model without their initialisers; every other byte is kept, but for the length of the graph
 * @throws {ModelError} when the bytes are no ONNX model or an input is not there
 */
export function withRequiredInputs(model: Uint8Array, names: readonly string[]): Uint8Array<ArrayBuffer> {
  const graphs = [...fieldsOf(model, 0, model.length)].filter(({ number }) => number === MODEL_GRAPH);
  const graph = graphs[0];
  if (graph === undefined || graphs.length > 1 || graph.wire !== LENGTH_DELIMITED) throw broken('it does not hold exactly one graph');

  const cuts: Field[] = [];
  const initialised: string[] = [];
  const inputs = new Set<string>();
  for (const field of fieldsOf(model, graph.content, graph.end)) {
    if (field.wire !== LENGTH_DELIMITED) continue;
    if (field.number === GRAPH_INPUT) inputs.add(nameIn(model, field, VALUE_NAME));
    if (field.number !== GRAPH_INITIALIZER) continue;
    const name = nameIn(model, field, TENSOR_NAME);
    if (!names.includes(name)) continue;
    initialised.push(name);
    cuts.push(field);
  }
  for (const name of names) {
    if (!inputs.has(name)) throw broken(`its graph has no input ${name}`);
    if (initialised.filter((one) => one === name).length !== 1) throw broken(`its input ${name} does not have exactly one initialiser`);
  }

  const less = cuts.reduce((sum, { start, end }) => sum + end - start, 0);
  const tag = model.subarray(graph.start, skipVarint(model, graph.start, graph.end));
  const parts = [model.subarray(0, graph.start), tag, varint(graph.end - graph.content - less)];
  let from = graph.content;
  for (const { start, end } of cuts) {
    parts.push(model.subarray(from, start));
    from = end;
  }
  parts.push(model.subarray(from));
  const out = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    out.set(part, at);
    at += part.length;
  }
  return out;
}

function broken(why: string): ModelError {
  return new ModelError(`The model file cannot be prepared for adapters: ${why}. Reinstall Attune, or rebuild the model with models/training/build.py.`);
}

/** Fields of the message in `[start, end)`, checked against its bounds. */
function* fieldsOf(bytes: Uint8Array, start: number, end: number): Generator<Field, undefined> {
  for (let at = start; at < end; ) {
    const [tag, afterTag] = readVarint(bytes, at, end);
    const [number, wire] = [Math.floor(tag / 8), tag % 8];
    if (number < 1) throw broken('it is not an ONNX file');
    let [content, next] = [afterTag, afterTag];
    if (wire === 0) next = skipVarint(bytes, afterTag, end);
    else if (wire === 1) next = afterTag + 8;
    else if (wire === 5) next = afterTag + 4;
    else if (wire === LENGTH_DELIMITED) {
      const [length, afterLength] = readVarint(bytes, afterTag, end);
      content = afterLength;
      next = afterLength + length;
    } else throw broken('it is not an ONNX file');
    if (next > end) throw broken('it ends too early');
    yield { number, wire, start: at, content, end: next };
    at = next;
  }
  return undefined;
}

/** The name that a message carries in field `number`, '' without one (protobuf: the last one counts). */
function nameIn(bytes: Uint8Array, message: Field, number: number): string {
  let name = '';
  for (const field of fieldsOf(bytes, message.content, message.end)) {
    if (field.number === number && field.wire === LENGTH_DELIMITED) name = new TextDecoder().decode(bytes.subarray(field.content, field.end));
  }
  return name;
}

/** @returns the number and where the next thing begins */
function readVarint(bytes: Uint8Array, start: number, end: number): [number, number] {
  let value = 0;
  for (let at = start, factor = 1; at < end && factor <= 2 ** 49; at++, factor *= 128) {
    const byte = bytes[at]!;
    value += (byte & 0x7f) * factor;
    if (byte < 0x80) {
      if (!Number.isSafeInteger(value)) break;
      return [value, at + 1];
    }
  }
  throw broken('a length in it cannot be read');
}

/** Negative numbers take ten bytes, more than a safe integer holds; their value is not needed. */
function skipVarint(bytes: Uint8Array, start: number, end: number): number {
  for (let at = start; at < Math.min(end, start + 10); at++) if (bytes[at]! < 0x80) return at + 1;
  throw broken('a number in it cannot be read');
}

function varint(value: number): Uint8Array {
  const bytes: number[] = [];
  for (; value >= 128; value = Math.floor(value / 128)) bytes.push((value % 128) | 0x80);
  return Uint8Array.from([...bytes, value]);
}
