/**
 * Makes inputs with a default into inputs that must be fed.
 *
 * In ONNX (IR version 4 and later) a graph input that also has an initialiser may be left out by the caller; the initialiser
 * is then its value. Python and transformers.js rely on that. onnxruntime-web cannot feed such inputs at all: it lists and
 * takes only those without an initialiser. So the initialisers are cut out of the model's bytes before it is opened.
 */
import { broken, LENGTH_DELIMITED, ONNX, rewriteGraph, textIn } from './protobuf.ts';

/**
 * @param names inputs to make required; each must be an input of the graph with exactly one initialiser
 * @returns the model without their initialisers; every other byte is kept, but for the length of the graph
 * @throws {ModelError} when the bytes are no ONNX model or an input is not there
 */
export function withRequiredInputs(model: Uint8Array, names: readonly string[]): Uint8Array<ArrayBuffer> {
  const initialised: string[] = [];
  const inputs = new Set<string>();
  const cut = rewriteGraph(model, (field) => {
    if (field.wire !== LENGTH_DELIMITED) return undefined;
    if (field.number === ONNX.graph.input) inputs.add(textIn(model, field, ONNX.value.name));
    if (field.number !== ONNX.graph.initializer) return undefined;
    const name = textIn(model, field, ONNX.tensor.name);
    if (!names.includes(name)) return undefined;
    initialised.push(name);
    return new Uint8Array();
  });
  for (const name of names) {
    if (!inputs.has(name)) throw broken(`its graph has no input ${name}`);
    if (initialised.filter((one) => one === name).length !== 1) throw broken(`its input ${name} does not have exactly one initialiser`);
  }
  return cut;
}
