import { mount } from 'svelte';
import './app.css';
import App from './App.svelte';
import { connect } from './client.ts';
import { startI18n } from './i18n.ts';
import { startSession } from './stores/session.svelte.ts';
import { createTransport } from './transport.ts';

// Texts first: nothing is ever shown as a key.
await startI18n();
connect(createTransport());
mount(App, { target: document.getElementById('app')! });
await startSession();
