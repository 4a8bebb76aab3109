/**
 * Imported first by every script of the extension: zod would otherwise try `new Function` when a schema is made, to see whether it may, and
 * each try is a violation of the CSP in the page's console.
 */
import { config } from 'zod/v4/core';

config({ jitless: true });
