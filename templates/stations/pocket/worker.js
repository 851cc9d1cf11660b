// The liaison's pages without a network: they come from the site while it answers; when it does
// not, the kept page of an empty form opens instead. Nothing of anybody is kept here.
"use strict";

const KEPT = "leads-page";
const HOME = "{{ home|escapejs }}";
const PAGE = "{{ page|escapejs }}";
const FILES = [{% for file in files %}"{{ file|escapejs }}", {% endfor %}];

self.addEventListener("install", (event) => {
  // Without a cookie: the kept page is nobody's.
  const page = new Request(PAGE, { credentials: "omit", cache: "reload" });
  event.waitUntil(
    caches
      .open(KEPT)
      .then((kept) => kept.addAll([page, ...FILES.map((file) => new Request(file))]))
      .then(() => self.skipWaiting()),
  );
});

self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const address = new URL(request.url);
  if (request.method !== "GET" || address.origin !== self.location.origin) return;
  if (request.mode === "navigate" && address.pathname.startsWith(HOME)) {
    event.respondWith(fetch(request).catch(() => caches.match(PAGE)));
  } else if (FILES.includes(address.pathname)) {
    event.respondWith(fetch(request).catch(() => caches.match(address.pathname)));
  }
});
