// The liaison's pages without a network: they come from the site while it answers; when it does
// not, a kept page of an empty form opens instead: the log's for the log, the lead's for the others. Nothing of anybody is kept here.
"use strict";

const KEPT = "phone-pages";
const HOME = "{{ home|escapejs }}";
const PAGE = "{{ page|escapejs }}";
const LOG = "{{ log|escapejs }}";
const LOG_PAGE = "{{ log_page|escapejs }}";
const FILES = [{% for file in files %}"{{ file|escapejs }}", {% endfor %}];

self.addEventListener("install", (event) => {
  // Without a cookie: the kept pages are nobody's.
  const pages = [PAGE, LOG_PAGE].map(
    (page) => new Request(page, { credentials: "omit", cache: "reload" }),
  );
  event.waitUntil(
    caches
      .open(KEPT)
      .then((kept) => kept.addAll([...pages, ...FILES.map((file) => new Request(file))]))
      .then(() => self.skipWaiting()),
  );
});

self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const address = new URL(request.url);
  if (request.method !== "GET" || address.origin !== self.location.origin) return;
  if (request.mode === "navigate" && address.pathname.startsWith(HOME)) {
    event.respondWith(fetch(request).catch(() => caches.match(address.pathname === LOG ? LOG_PAGE : PAGE)));
  } else if (FILES.includes(address.pathname)) {
    event.respondWith(fetch(request).catch(() => caches.match(address.pathname)));
  }
});
