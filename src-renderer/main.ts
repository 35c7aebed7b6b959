import { mount } from 'svelte';
import './app.css';
import App from './App.svelte';
import { connect } from './client.ts';
import { startI18n } from './i18n.ts';
import { startSession } from './stores/session.svelte.ts';
import { showFailure } from './stores/toasts.svelte.ts';
import { createTransport } from './transport.ts';

// Texts first: nothing is ever shown as a key.
await startI18n();
connect(createTransport());
// What nobody caught is said. The page stays as it is, with all that was typed.
addEventListener('error', ({ error }) => {
  // The browser's own remarks, as on layouts, come without one.
  if (error instanceof Error) showFailure(error);
});
addEventListener('unhandledrejection', ({ reason }) => showFailure(reason));
mount(App, { target: document.getElementById('app')! });
await startSession();
