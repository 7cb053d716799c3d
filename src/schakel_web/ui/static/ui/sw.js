/* Keeps the page to give a signal, and what it is drawn with, so that it opens without a network. */
"use strict";
const PAGES = "pages", FILES = "files";
const OFFLINE = ["/signaal/nieuw/", "/hulpvraag/nieuw/"];

self.addEventListener("install", (event) => event.waitUntil(self.skipWaiting()));
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));

async function newestPage(request) {
  try {
    const response = await fetch(request);
    if (response.ok && !response.redirected) (await caches.open(PAGES)).put(request.url, response.clone());
    else if (response.type === "opaqueredirect" || response.status === 403) await caches.delete(PAGES); // who it was of, is out
    return response;
  } catch (error) {
    const kept = await caches.match(request.url) || await caches.match(new URL(OFFLINE[0], self.location).href);
    if (kept) return kept;
    throw error;
  }
}

async function otherPage(request) {
  try {
    return await fetch(request);
  } catch (error) {
    if (await caches.match(new URL(OFFLINE[0], self.location).href)) return Response.redirect(OFFLINE[0]);
    throw error;
  }
}

async function keptFile(request) {
  const kept = await caches.match(request);
  if (kept) return kept;
  const response = await fetch(request);
  if (response.ok) (await caches.open(FILES)).put(request, response.clone());
  return response;
}

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const { pathname, origin } = new URL(request.url);
  if (request.method !== "GET" || origin !== self.location.origin) return;
  if (pathname.startsWith("/static/")) event.respondWith(keptFile(request));
  else if (request.mode === "navigate") event.respondWith((OFFLINE.includes(pathname) ? newestPage : otherPage)(request));
});
