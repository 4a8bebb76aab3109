declare const __ATTUNE_COMMUNITY__: { readonly collector: string; readonly info: unknown } | null;

/** Put in by the build (extension/build/community.ts); null in a build without a community server. */
export const BUILT_FOR = typeof __ATTUNE_COMMUNITY__ === 'undefined' ? null : __ATTUNE_COMMUNITY__;

/** Whether anything about feedback is shown and runs at all. */
export const HAS_COMMUNITY: boolean = BUILT_FOR !== null;
