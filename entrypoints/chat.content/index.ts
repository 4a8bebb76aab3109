import '../../extension/zod-without-eval.ts';
import { defineContentScript } from 'wxt/utils/define-content-script';
import { SITES } from '../../chat/sites/index.ts';
import { startPage } from '../../extension/page-controller.ts';
import '../../chat/highlights.css';
import '../../components/page/selection-highlights.css';

/** Chats on this computer (self-hosted interfaces, our demo) need no question; they are recognised by what is on the page. */
const LOCAL = ['http://localhost/*', 'http://127.0.0.1/*'];
const BUNDLED = SITES.filter(({ access }) => access === 'bundled').flatMap(({ matches }) => matches);

const ORPHAN_CHECK_MS = 1_500;

export default defineContentScript({
  matches: [...new Set([...BUNDLED, ...LOCAL])],
  runAt: 'document_idle',
  cssInjectionMode: 'manifest',
  noScriptStartedPostMessage: true,
  main(ctx) {
    // An update or removal of the extension orphans this script without telling it; each tick of a context's own clock finds out.
    ctx.setInterval(() => undefined, ORPHAN_CHECK_MS);
    return startPage(ctx.signal);
  },
});
