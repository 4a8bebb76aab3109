/* global document, location, fetch, history */
// The fragment: `<drive>.<participant>.<secret>`, several separated by commas. It never leaves this page.
const entries = location.hash
  .slice(1)
  .split(',')
  .map((part) => part.split('.'))
  .filter((parts) => parts.length === 3 && parts.every((part) => /^[\w-]+$/.test(part)))
  .map(([drive, participant, secret]) => ({ what: 'everything', drive, participant, secret }));
const button = document.getElementById('withdraw');
const state = document.getElementById('state');

if (entries.length === 0) {
  state.textContent = 'The link that brought you here carries no key, so there is nothing that could be withdrawn from here.';
} else {
  button.disabled = false;
  state.textContent = '';
  button.addEventListener('click', async () => {
    button.disabled = true;
    state.textContent = 'Withdrawing …';
    let count = 0;
    for (const entry of entries) {
      try {
        const reply = await fetch('/v1/withdrawals', { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(entry) });
        // 404: nothing was ever sent under this key.
        if (reply.ok) count += (await reply.json()).withdrawn.length;
        else if (reply.status !== 404) throw new Error(String(reply.status));
      } catch {
        button.disabled = false;
        state.textContent = 'The collector could not be reached. Nothing is lost: press again in a moment.';
        return;
      }
    }
    history.replaceState(null, '', location.pathname);
    state.textContent = `Done. ${count} ${count === 1 ? 'item was' : 'items were'} deleted, and your consent has ended.`;
  });
}
