/** Firefox asks its user before an extension may send anything; Chrome leaves that to the extension's own page. */
import { browser } from 'wxt/browser';

interface DataPermissions {
  request(permissions: { readonly data_collection: readonly string[] }): Promise<boolean>;
}

/** Must be called from a click, before anything is awaited. True where the browser has no such question. */
export function requestSending(): Promise<boolean> {
  if (!import.meta.env.FIREFOX) return Promise.resolve(true);
  return (browser.permissions as unknown as DataPermissions).request({ data_collection: ['websiteContent', 'technicalAndInteraction'] });
}
