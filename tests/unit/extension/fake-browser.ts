/** Import this first: `wxt/browser` looks for a browser once, when it is loaded. */
import { fakeBrowser } from '@webext-core/fake-browser';

Object.assign(globalThis, { chrome: fakeBrowser, browser: fakeBrowser });

export { fakeBrowser };
