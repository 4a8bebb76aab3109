/** Opening the side panel; the browsers differ, and both insist on a user's click. */
import { browser } from 'wxt/browser';

interface SidebarAction {
  open(): Promise<void>;
}

/** The sidebar of Firefox is not in Chrome's typings. */
function sidebarAction(): SidebarAction | undefined {
  return (browser as unknown as { sidebarAction?: SidebarAction }).sidebarAction;
}

/** Opens the list of findings beside the tab. Must be called from a click, before anything is awaited. */
export async function openPanel(tabId: number): Promise<void> {
  if (import.meta.env.FIREFOX) await sidebarAction()?.open();
  else await chrome.sidePanel.open({ tabId });
}

/** Chrome: the toolbar button opens the popup, not the panel. */
export function setPanelOpener(): void {
  if (!import.meta.env.FIREFOX) void chrome.sidePanel.setPanelBehavior({ openPanelOnActionClick: false }).catch(() => undefined);
}
