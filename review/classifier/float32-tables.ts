/**
 * Widens a model's half-precision tables to single precision: graphics processors without `shader-f16` cannot read them, and half
 * precision is where drivers differ most. The graph casts them to float32 anyway, so no number changes.
 */
import { readFloat16 } from './float16.ts';
import { broken, concatenated, delimited, fieldsOf, LENGTH_DELIMITED, ONNX, readVarint, rewriteGraph, varint, type Field } from './protobuf.ts';

const FLOAT = 1;
const FLOAT16 = 10;

/** @throws {ModelError} when the bytes are no ONNX model, or a table is not kept as raw data */
export function withFloat32Tables(model: Uint8Array): Uint8Array<ArrayBuffer> {
  return rewriteGraph(model, (field) => (field.number === ONNX.graph.initializer && field.wire === LENGTH_DELIMITED ? widened(model, field) : undefined));
}

function widened(model: Uint8Array, tensor: Field): Uint8Array | undefined {
  const fields = [...fieldsOf(model, tensor.content, tensor.end)];
  const type = fields.findLast(({ number }) => number === ONNX.tensor.dataType);
  if (type === undefined || readVarint(model, type.content, type.end)[0] !== FLOAT16) return undefined;
  const raw = fields.findLast(({ number, wire }) => number === ONNX.tensor.rawData && wire === LENGTH_DELIMITED);
  if (raw === undefined) throw broken('a half-precision table in it is not kept as raw data');
  const numbers = readFloat16(model.subarray(raw.content, raw.end));
  const wide = new DataView(new ArrayBuffer(numbers.length * 4));
  numbers.forEach((value, at) => {
    wide.setFloat32(4 * at, value, true);
  });
  const kept = fields.filter(({ number }) => number !== ONNX.tensor.dataType && number !== ONNX.tensor.rawData).map(({ start, end }) => model.subarray(start, end));
  return delimited(ONNX.graph.initializer, concatenated([...kept, varint(ONNX.tensor.dataType * 8), varint(FLOAT), delimited(ONNX.tensor.rawData, new Uint8Array(wide.buffer))]));
}
