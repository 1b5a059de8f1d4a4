// GraphiQL as the service serves it: every file from here, the service's own examples in its tabs.
import 'graphiql/setup-workers/vite';
import 'graphiql/style.css';
import './style.css';
import { createElement } from 'react';
import { createRoot } from 'react-dom/client';
import { GraphiQL } from 'graphiql';
import { createGraphiQLFetcher } from '@graphiql/toolkit';

const TOKEN_HEADERS = JSON.stringify({ Authorization: 'Bearer <token>' }, null, 2);

// What the editor of headers holds is sent when a subscription connects.
const subscriptionUrl = new URL('/graphql', window.location.href.replace(/^http/, 'ws')).href;

const { examples, tokens } = await (await fetch('/graphql/examples')).json();
const headers = tokens ? TOKEN_HEADERS : '';
const tabs = examples.map((query) => ({ query, headers }));

createRoot(document.getElementById('graphiql')).render(
  createElement(GraphiQL, {
    fetcher: createGraphiQLFetcher({ url: '/graphql', subscriptionUrl }),
    defaultTabs: tabs,
    defaultHeaders: headers,
    // A token must not stay in the browser's storage; the history keeps headers whatever the next line says.
    plugins: [],
    shouldPersistHeaders: false,
    showPersistHeadersSettings: false,
    defaultEditorToolsVisibility: tokens ? 'headers' : 'variables',
  }),
);
