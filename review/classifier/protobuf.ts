/** Just enough of protobuf's wire format to take an ONNX file apart and put it together again, strictly within its bounds. */
import { ModelError } from './config.ts';

export const LENGTH_DELIMITED = 2;
/** Field numbers of onnx.proto that are used here. */
export const ONNX = { model: { graph: 7 }, graph: { initializer: 5, input: 11 }, tensor: { dataType: 2, name: 8, rawData: 9 }, value: { name: 1 } } as const;

/** One field of a message: its tag begins at `start`, its content (without the length) at `content`; both end at `end`. */
export interface Field {
  readonly number: number;
  readonly wire: number;
  readonly start: number;
  readonly content: number;
  readonly end: number;
}

export function broken(why: string): ModelError {
  return new ModelError(`The model file cannot be prepared: ${why}. Reinstall Attune, or rebuild the model with models/training/build.py.`);
}

/**
 * Copies a model with some fields of its graph changed.
 * @param rewrite gives what stands in a field's place (tag included; no bytes: the field is cut), or undefined to keep it
 * @returns the model; every other byte is kept, but for the length of the graph
 * @throws {ModelError} when the bytes are no ONNX model
 */
export function rewriteGraph(model: Uint8Array, rewrite: (field: Field) => Uint8Array | undefined): Uint8Array<ArrayBuffer> {
  const graphs = [...fieldsOf(model, 0, model.length)].filter(({ number }) => number === ONNX.model.graph);
  const graph = graphs[0];
  if (graph === undefined || graphs.length > 1 || graph.wire !== LENGTH_DELIMITED) throw broken('it does not hold exactly one graph');
  const inside: Uint8Array[] = [];
  let from = graph.content;
  for (const field of fieldsOf(model, graph.content, graph.end)) {
    const instead = rewrite(field);
    if (instead === undefined) continue;
    inside.push(model.subarray(from, field.start), instead);
    from = field.end;
  }
  inside.push(model.subarray(from, graph.end));
  const length = inside.reduce((sum, part) => sum + part.length, 0);
  const tag = model.subarray(graph.start, skipVarint(model, graph.start, graph.end));
  return concatenated([model.subarray(0, graph.start), tag, varint(length), ...inside, model.subarray(graph.end)]);
}

export function concatenated(parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const out = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    out.set(part, at);
    at += part.length;
  }
  return out;
}

/** Fields of the message in `[start, end)`. @throws {ModelError} when one is not what it should be or leaves the bounds */
export function* fieldsOf(bytes: Uint8Array, start: number, end: number): Generator<Field, undefined> {
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

/** The text that a message carries in field `number`, '' without one (in protobuf the last one counts). */
export function textIn(bytes: Uint8Array, message: Field, number: number): string {
  let text = '';
  for (const field of fieldsOf(bytes, message.content, message.end)) {
    if (field.number === number && field.wire === LENGTH_DELIMITED) text = new TextDecoder().decode(bytes.subarray(field.content, field.end));
  }
  return text;
}

/** @returns the number and where the next thing begins */
export function readVarint(bytes: Uint8Array, start: number, end: number): [number, number] {
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

export function varint(value: number): Uint8Array {
  const bytes: number[] = [];
  for (; value >= 128; value = Math.floor(value / 128)) bytes.push((value % 128) | 0x80);
  return Uint8Array.from([...bytes, value]);
}

/** A length-delimited field. */
export function delimited(number: number, content: Uint8Array): Uint8Array {
  return concatenated([varint(number * 8 + LENGTH_DELIMITED), varint(content.length), content]);
}
