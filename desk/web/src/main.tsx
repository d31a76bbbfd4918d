import './style.css'

import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'

import { begin } from './api'
import { App } from './App'

void begin()
createRoot(document.getElementById('root') as HTMLElement).render(
  <StrictMode>
    <App />
  </StrictMode>,
)
