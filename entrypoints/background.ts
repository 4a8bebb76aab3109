import '../extension/zod-without-eval.ts';
import { defineBackground } from 'wxt/utils/define-background';
import { chromeOffscreen, createOffscreenRoute, createWorkerRoute } from '../extension/background/inference-route.ts';
import { startBackground } from '../extension/background/router.ts';

export default defineBackground(() => {
  startBackground(import.meta.env.FIREFOX ? createWorkerRoute() : createOffscreenRoute(chromeOffscreen()));
});
