/** The classifier with WebGPU as the extension has it in builds with WXT_WEBGPU=1, with a hand on the device. */
import { openWithWebgpu, type OpenedWithWebgpu } from '../../../extension/inference/webgpu/open.ts';
import type { Golden } from '../../../review/classifier/golden.ts';
import type { GpuAsk, GpuReply } from './main.ts';
import { bytes, json, modelFiles } from './model-files.ts';

let device: GPUDevice | undefined;
let fetched: string[] = [];

async function open({ softwareToo, limits, tamper, withoutGpu }: Extract<GpuAsk, { type: 'open' }>): Promise<OpenedWithWebgpu> {
  if (withoutGpu) Object.defineProperty(navigator, 'gpu', { value: undefined });
  else if ('gpu' in navigator) {
    const { requestDevice } = GPUAdapter.prototype;
    GPUAdapter.prototype.requestDevice = async function (...given) {
      return (device = await requestDevice.apply(this, given));
    };
  }
  return openWithWebgpu(
    await modelFiles(),
    {
      wasm: () => {
        fetched.push('wasm');
        return bytes('/ort-wasm-simd-threaded.jspi.wasm');
      },
      golden: async () => {
        fetched.push('golden');
        const golden = (await json('/model/golden.json')) as Golden;
        for (const passage of golden.passages) passage.heads[0]! += tamper;
        return golden;
      },
    },
    { softwareToo, limits },
  );
}

let opened: OpenedWithWebgpu | undefined;
async function answer(ask: GpuAsk): Promise<GpuReply> {
  let answers: GpuReply['answers'] = [];
  switch (ask.type) {
    case 'open':
      fetched = [];
      opened = await open(ask);
      await opened.tried;
      break;
    case 'classify':
      answers = await opened!.classifier.classify(ask.passages);
      break;
    case 'lose':
      device!.destroy();
      await device!.lost;
      // What else waits for that hears of it first.
      await new Promise((resolve) => setTimeout(resolve));
      break;
  }
  return { answers, fetched, ...opened!.backend() };
}

self.addEventListener('message', (event: MessageEvent<{ id: number; ask: GpuAsk }>) => {
  const { id, ask } = event.data;
  answer(ask).then(
    (reply) => self.postMessage({ id, reply }),
    (error: unknown) => self.postMessage({ id, error: error instanceof Error ? error.message : String(error) }),
  );
});
