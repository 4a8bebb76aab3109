/**
 * The data files that travel inside the package, by the path at which the inference worker fetches them.
 * `extension/build/collect-assets.ts` puts them there; nothing else is fetched, ever.
 */
export const BUNDLED = {
  packs: { index: '/packs/index.json', pack: (id: string) => `/packs/${id}.json` },
  wasm: '/ort-wasm-simd-threaded.wasm',
  model: {
    onnx: '/models/attune-mini/onnx/model_quantized.onnx',
    tokenizer: '/models/attune-mini/tokenizer.json',
    tokenizerConfig: '/models/attune-mini/tokenizer_config.json',
    config: '/models/attune-mini/config.json',
  },
  /** Only in builds with WXT_WEBGPU=1. */
  webgpu: { wasm: '/ort-wasm-simd-threaded.jspi.wasm', golden: '/models/attune-mini/golden.json' },
  /** Texts for the reader, linked from the options. */
  licences: '/licences.txt',
  modelCard: '/model-card.txt',
} as const;
