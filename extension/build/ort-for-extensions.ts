import type { Plugin } from 'vite';

/**
 * Makes `onnxruntime-web/wasm` and `/jspi` fit for the packaged extension.
 *
 * Their single-file flavours already contain the Emscripten glue, but they still (1) name the .wasm (14 and 17 MB) by `new URL(…, import.meta.url)`,
 * which a library build would inline as base64, (2) can make a `blob:` URL and `import()` it, which the extension's CSP and the stores
 * refuse, and (3) reads `import.meta.url`, which a classic Worker does not have. We pass the .wasm bytes ourselves and run one thread,
 * so none of these paths is ever taken: they are replaced by plain, harmless code.
 */
export function ortForExtensions(): Plugin {
  return {
    name: 'attune:ort-for-extensions',
    enforce: 'pre',
    transform(code, id) {
      if (!/onnxruntime-web[\\/]dist[\\/]ort\.(?:wasm|jspi)\.bundle\.min\.mjs/.test(id)) return null;
      const changed = code
        .replace(/new URL\(("ort-wasm-simd-threaded(?:\.jspi)?\.wasm"),\s*import\.meta\.url\)\.href/g, '$1')
        .replace(/URL\.createObjectURL\((\w+)\)/g, '(()=>{throw new Error("blob: URLs are not used here")})($1)')
        .replace(
          /\(await import\(\/\*webpackIgnore:true\*\/\s*\/\*@vite-ignore\*\/(\w+)\)\)\.default/g,
          '(()=>{throw new Error("no module is loaded at run time: "+$1)})()',
        )
        .replace(/import\.meta\.url/g, 'self.location.href');
      for (const left of ['import.meta', 'createObjectURL', 'import(']) {
        if (changed.includes(left)) {
          this.error(`onnxruntime-web changed: \`${left}\` is still in its bundle; adapt extension/build/ort-for-extensions.ts`);
        }
      }
      return { code: changed, map: null };
    },
  };
}
