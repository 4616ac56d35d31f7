// The live board: all keys of a feed, one key in depth, and how fresh everything is. It shows what the browser client
// gives it and keeps still while numbers change.
import { connect } from "/akkafeeds.js";
import { Table } from "/board/table.js";
import { Panel } from "/board/panel.js";
import { ageText, stateText } from "/board/text.js";

const $ = (id) => document.getElementById(id);
const feeds = connect();
const table = new Table($, { open: (key) => go({ key }), sort: (sort) => go({ sort }), ask: showRows });
const panel = new Panel($("panel"), feeds, { close: () => go({ key: null }) });
let cards = [];
let rowsWatch = null;
let place = {};
let limit = 100;
let said = "";

start();

async function start() {
  for (const link of [["theme", switchTheme]]) {
    $(link[0]).addEventListener("click", link[1]);
  }
  document.documentElement.dataset.theme = localStorage.getItem("akkafeeds-theme") ?? "";
  $("filter").addEventListener("input", debounce(() => go({ prefix: $("filter").value || null }, true), 200));
  $("open").addEventListener("submit", (event) => {
    event.preventDefault();
    const key = $("openKey").value;
    if (key) {
      $("openKey").value = "";
      go({ key });
    }
  });
  $("more").addEventListener("click", () => {
    limit = Math.min(1000, limit * 3);
    showRows();
  });
  addEventListener("hashchange", follow);
  addEventListener("keydown", onKey);
  setInterval(tick, 500);
  feeds.subscribe(tick);
  await load();
}

async function load() {
  try {
    const answer = await fetch("/v1/feeds");
    cards = (await answer.json()).feeds;
    follow();
  } catch {
    banner("The server cannot be reached; trying again.");
    setTimeout(load, 2000);
  }
}

// The address says what is shown, so that it can be shared and Back works: #/feed/key?prefix=&sort=
function follow() {
  const [path, query] = location.hash.replace(/^#\/?/, "").split("?");
  const [feed, ...key] = path.split("/");
  const parameters = new URLSearchParams(query);
  const next = {
    feed: feed ? decodeURIComponent(feed) : cards[0]?.name,
    key: key.length > 0 ? decodeURIComponent(key.join("/")) : null,
    prefix: parameters.get("prefix"),
    sort: parameters.get("sort"),
  };
  const isOther = next.feed !== place.feed || next.prefix !== place.prefix || next.sort !== place.sort;
  limit = next.feed === place.feed ? limit : 100;
  place = next;
  const card = cards.find((one) => one.name === place.feed);
  showFeeds();
  if (!card) {
    table.say(`There is no feed “${place.feed}”. Choose one above.`);
    return;
  }
  if (document.activeElement !== $("filter")) {
    $("filter").value = place.prefix ?? "";
  }
  if (isOther) {
    table.show(card, place.sort);
    about(card);
    showRows();
  }
  table.select(place.key);
  panel.show(card, place.key);
  tick();
}

function go(change, replaces = false) {
  const next = { ...place, ...change };
  const query = new URLSearchParams(Object.entries(next).filter(([name, value]) => value && (name === "prefix" || name === "sort")));
  const key = next.key ? `/${encodeURIComponent(next.key)}` : "";
  const hash = `#/${encodeURIComponent(next.feed)}${key}${query.size > 0 ? `?${query}` : ""}`;
  if (replaces) {
    history.replaceState(null, "", hash);
    follow();
  } else {
    location.hash = hash;
  }
}

function showRows() {
  rowsWatch?.close();
  const query = { prefix: place.prefix ?? undefined, sort: place.sort ?? undefined, limit };
  rowsWatch = feeds.watchAll(place.feed, query, (rows) => {
    table.rows(rows, limit);
    tick();
  });
}

function showFeeds() {
  $("feeds").replaceChildren(...cards.map((card) => {
    const link = document.createElement("a");
    link.href = `#/${encodeURIComponent(card.name)}`;
    if (card.name === place.feed) {
      link.setAttribute("aria-current", "page");
    }
    const dot = document.createElement("span");
    dot.className = "dot";
    dot.dataset.feed = card.name;
    const age = document.createElement("small");
    link.append(dot, card.name, age);
    return link;
  }));
  // A feed tells its state to whoever watches something of it.
  for (const card of cards) {
    card.watch ??= feeds.watchAll(card.name, { limit: 1, fields: card.fields.slice(0, 1).map((field) => field.name) });
  }
}

function about(card) {
  const parts = [`${card.topics.join(", ")}`];
  if (card.slo) {
    parts.push(`fresh within ${card.slo}`);
  }
  if (card.owner) {
    parts.push(`owned by ${card.owner}`);
  }
  $("about").textContent = parts.join("  ·  ");
  if (card.runbook && /^https?:/.test(card.runbook)) {
    const link = document.createElement("a");
    link.href = card.runbook;
    link.rel = "noreferrer";
    link.textContent = "runbook";
    $("about").append("  ·  ", link);
  }
}

function tick() {
  const isLost = feeds.state !== "open" && cards.length > 0;
  banner(isLost ? "The connection is lost: numbers are as they were. Connecting again…" : "");
  for (const card of cards) {
    const progress = feeds.progress(card.name);
    const state = isLost ? "stale" : progress?.state ?? "connecting";
    const age = progress ? Math.max(0, feeds.now() - progress.at) : null;
    const dot = document.querySelector(`[data-feed="${CSS.escape(card.name)}"]`);
    if (dot) {
      dot.className = `dot ${state}`;
      dot.title = stateText(state);
      setText(dot.parentElement.querySelector("small"), progress?.at ? ageText(age) : "");
    }
    if (card.name === place.feed) {
      badge($("feedState"), state);
      setText($("feedName"), card.name);
      setText($("feedAge"), progress?.at ? `read up to ${ageText(age)} ago` : "");
      document.body.classList.toggle("dimmed", state === "stale" || isLost);
      say(`${card.name}: ${stateText(state)}`);
    }
  }
  panel.tick();
}

function badge(element, state) {
  element.className = `badge ${state}`;
  setText(element, state);
}

function setText(element, text) {
  if (element.textContent !== text) {
    element.textContent = text;
  }
}

function banner(text) {
  $("banner").hidden = text === "";
  setText($("banner"), text);
}

// Only changes of state are read aloud; numbers would never stop.
function say(text) {
  if (said !== text) {
    said = text;
    $("say").textContent = text;
  }
}

function onKey(event) {
  const isTyping = /^(INPUT|SELECT|TEXTAREA)$/.test(document.activeElement?.tagName ?? "");
  if (event.key === "Escape") {
    isTyping ? document.activeElement.blur() : go({ key: null });
  } else if (!isTyping && event.key === "/") {
    event.preventDefault();
    $("filter").focus();
  } else if (!isTyping && ["ArrowDown", "ArrowUp", "j", "k"].includes(event.key)) {
    event.preventDefault();
    table.move(event.key === "ArrowDown" || event.key === "j" ? 1 : -1);
  }
}

function switchTheme() {
  const root = document.documentElement;
  const isDark = root.dataset.theme ? root.dataset.theme === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
  root.dataset.theme = isDark ? "light" : "dark";
  localStorage.setItem("akkafeeds-theme", root.dataset.theme);
}

function debounce(act, milliseconds) {
  let timer;
  return () => {
    clearTimeout(timer);
    timer = setTimeout(act, milliseconds);
  };
}
