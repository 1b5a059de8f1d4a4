import { QueryClientProvider } from '@tanstack/react-query';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { Router } from 'wouter';
import { App } from './App';
import { makeQueryClient } from './api/useAnswer';
import { useHashPath, useHashSearch } from './routing/hash';
import { applyTheme } from './shell/ThemeButton';
import './ui/base.css';

applyTheme();
const root = document.getElementById('root');
if (!root) throw new Error('index.html has no #root');
createRoot(root).render(
  <StrictMode>
    <QueryClientProvider client={makeQueryClient()}>
      <Router hook={useHashPath} searchHook={useHashSearch} hrefs={useHashPath.hrefs}>
        <App />
      </Router>
    </QueryClientProvider>
  </StrictMode>,
);
