// The live board: all keys of a feed, one key in depth, and how fresh everything is. It shows what the browser client
// gives it and keeps still while numbers change.
import { connect } from "/akkafeeds.js";
import { setText } from "/board/dom.js";
import { FeedLinks } from "/board/feeds.js";
import { Health } from "/board/health.js";
import { Keys } from "/board/keys.js";
import { Overview } from "/board/overview.js";
import { Panel } from "/board/panel.js";
import { ROWS_MAX, Table } from "/board/table.js";
import { ageText, promiseText, reasonText, rungText, stateText, whyText } from "/board/text.js";

const LOAD_AGAIN = 1_000; // after a list of feeds that could not be had
const PATIENCE = 3_000; // a first connection that takes longer is spoken of

const $ = (id) => document.getElementById(id);
const feeds = connect();
const table = new Table($, { open, sort: (sort) => go({ sort }), address: (key) => address({ ...place, key }) });
const panel = new Panel($("panel"), feeds, { close: leave });
const overview = new Overview(tick);
const health = new Health($("health"), (status) => overview.take(status));
const links = new FeedLinks($("feeds"));
const startedAt = performance.now();
let cards = [];
let rowsWatch = null;
let place = {};
let limit = 100;
let said = []; // of the feed, and of the open key
let trouble = ""; // why the list of feeds is not there

start();

async function start() {
  $("theme").addEventListener("click", switchTheme);
  document.documentElement.dataset.theme = localStorage.getItem("akkafeeds-theme") ?? "";
  $("filter").addEventListener(
    "input",
    debounce(() => go({ prefix: $("filter").value || null }, true), 200),
  );
  $("open").addEventListener("submit", (event) => {
    event.preventDefault();
    const key = $("openKey").value;
    if (key) {
      $("openKey").value = "";
      open(key);
    }
  });
  $("more").addEventListener("click", () => {
    limit = Math.min(ROWS_MAX, limit * 3);
    showRows();
  });
  document.querySelector(".skip").addEventListener("click", (event) => {
    event.preventDefault(); // its address is none of the board's
    $("main").focus();
  });
  addEventListener("hashchange", follow);
  new Keys($, { move: (step) => table.move(step), turn, leave, isHealth: () => place.view === "health" });
  setInterval(tick, 500);
  feeds.subscribe(tick);
  await load();
}

async function load() {
  try {
    const answer = await fetch("/v1/feeds");
    if (!answer.ok) {
      throw new Error(`The server is not ready yet (${answer.status}); trying again.`);
    }
    cards = (await answer.json()).feeds;
    trouble = "";
    follow();
  } catch (error) {
    trouble = error.message.startsWith("The server") ? error.message : "The server cannot be reached; trying again.";
    banner(trouble);
    setTimeout(load, LOAD_AGAIN);
  }
}

// The address says what is shown, so that it can be shared and Back works: #/feed/key?prefix=&sort=&view=health
function follow() {
  if (trouble !== "") {
    return;
  }
  const next = read(location.hash);
  const card = next && cards.find((one) => one.name === next.feed);
  showFeeds(card);
  if (!card) {
    showNothing(
      next
        ? next.feed === undefined
          ? "This server has no feed."
          : `There is no feed “${next.feed}”. Choose one above.`
        : "This address cannot be read: a % in it is not followed by two hexadecimal digits. Choose a feed above.",
    );
    return;
  }
  const isOther =
    next.feed !== place.feed || next.prefix !== place.prefix || next.sort !== place.sort || next.view !== place.view;
  limit = next.feed === place.feed ? limit : 100;
  place = next;
  if (document.activeElement !== $("filter")) {
    $("filter").value = place.prefix ?? "";
  }
  if (isOther) {
    about(card);
    showView(card);
  }
  $("toRows").href = address({ ...place, view: null });
  $("toHealth").href = address({ ...place, view: "health" });
  table.select(place.key);
  panel.show(card, place.key);
  tick();
}

function read(hash) {
  const [path, query] = hash.replace(/^#\/?/, "").split("?");
  const [feed, ...key] = path.split("/");
  const parameters = new URLSearchParams(query);
  try {
    return {
      feed: feed ? decodeURIComponent(feed) : cards[0]?.name,
      key: key.length > 0 ? decodeURIComponent(key.join("/")) : null,
      prefix: parameters.get("prefix"),
      sort: parameters.get("sort"),
      view: parameters.get("view") === "health" ? "health" : null,
    };
  } catch {
    return null;
  }
}

// Nothing of the former place is left on the screen, nor watched.
function showNothing(text) {
  place = {};
  rowsWatch?.close();
  rowsWatch = null;
  panel.hide();
  health.hide();
  showTabs(null);
  $("rows").hidden = false;
  table.say(text);
  badge($("feedState"), "");
  for (const id of ["feedName", "feedWhy", "feedAge", "about"]) {
    setText($(id), "");
  }
  $("runbook").hidden = true;
  said = [];
  tick();
}

function open(key) {
  panel.takeFocus(key === place.key);
  go({ key });
}

function go(change, replaces = false) {
  if (place.feed === undefined) {
    return;
  }
  const next = { ...place, ...change };
  const hash = address(next);
  if (replaces) {
    history.replaceState(null, "", hash);
    follow();
  } else {
    location.hash = hash;
  }
}

function address(to) {
  const query = new URLSearchParams(
    Object.entries(to).filter(([name, value]) => value && ["prefix", "sort", "view"].includes(name)),
  );
  const key = to.key ? `/${encodeURIComponent(to.key)}` : "";
  return `#/${encodeURIComponent(to.feed)}${key}${query.size > 0 ? `?${query}` : ""}`;
}

// The rows are not watched while the health is shown, and the health is not asked for while the rows are.
function showView(card) {
  const isHealth = place.view === "health";
  showTabs(place.view ?? "rows");
  $("rows").hidden = isHealth;
  if (isHealth) {
    rowsWatch?.close();
    rowsWatch = null;
    health.show(card);
  } else {
    health.hide();
    table.show(card, place);
    showRows();
  }
}

function showTabs(view) {
  document.querySelector(".views").hidden = view === null;
  for (const search of document.querySelectorAll(".search")) {
    search.hidden = view !== "rows";
  }
  for (const [id, name] of [
    ["toRows", "rows"],
    ["toHealth", "health"],
  ]) {
    name === view ? $(id).setAttribute("aria-current", "true") : $(id).removeAttribute("aria-current");
  }
}

function showRows() {
  if (place.feed === undefined || place.view === "health") {
    return;
  }
  rowsWatch?.close();
  const query = { prefix: place.prefix ?? undefined, sort: place.sort ?? undefined, limit };
  rowsWatch = feeds.watchAll(place.feed, query, (rows) => {
    table.rows(rows, limit);
    tick();
  });
}

function showFeeds(shown) {
  links.show(cards, shown);
  // A feed tells its state to whoever watches something of it.
  for (const card of cards) {
    const fields = card.fields.length > 0 ? [card.fields[0].name] : undefined;
    card.watch ??= feeds.watchAll(card.name, { limit: 1, fields });
  }
}

function about(card) {
  const parts = [`${card.topics.join(", ")}`];
  if (card.slo) {
    parts.push(`fresh within ${promiseText(card.slo)}`);
  }
  if (card.owner) {
    parts.push(`owned by ${card.owner}`);
  }
  setText($("about"), parts.join("  ·  "));
  $("about").title = $("about").textContent;
  const isLink = /^https?:/.test(card.runbook ?? "");
  $("runbook").hidden = !isLink;
  isLink ? ($("runbook").href = card.runbook) : $("runbook").removeAttribute("href");
}

function tick() {
  const isFirst = feeds.session === null;
  const isLost = feeds.state !== "open" && !isFirst;
  banner(trouble || connectionText(isFirst));
  setText($("rung"), feeds.state === "open" ? rungText(feeds.connection.transport) : "");
  const all = cards.map((card) => ({
    ...howIs(card, isLost),
    isShown: card.name === place.feed,
    isTold: card.name === place.feed && place.view === "health",
  }));
  overview.show(isLost || isFirst ? [] : all);
  if ($("feeds").children.length === all.length) {
    all.forEach((one, index) => links.tell(index, one));
  }
  const shown = all.find(({ isShown }) => isShown);
  if (shown) {
    tellState(shown);
  }
  panel.tick();
  health.tick();
}

// A feed tells its state with its progress, and its reason to whoever asks for its status: that of another state is not
// shown.
function howIs(card, isLost) {
  const progress = feeds.progress(card.name);
  const state = isLost ? "stale" : (progress?.state ?? "connecting");
  const age = progress?.at ? Math.max(0, feeds.now() - progress.at) : null;
  const told = isLost ? undefined : overview.of(card.name);
  const { reason, since } = isLost ? (card.watch?.current ?? {}) : told?.state === state ? told : {};
  return { name: card.name, state, age, lanes: told?.lanes, reason, since };
}

function tellState({ name, state, age, reason, since }) {
  badge($("feedState"), state);
  setText($("feedName"), name);
  $("feedWhy").className = state;
  setText(
    $("feedWhy"),
    state === "live" || state === "connecting" ? "" : whyText({ state, reason, since }, feeds.now()),
  );
  setText($("feedAge"), age === null ? "" : `read up to ${ageText(age)} ago`);
  document.body.classList.toggle("dimmed", state === "stale" || state === "rebuilding");
  say(`${name}: ${stateText(state)}${reason ? `, ${reasonText(reason)}` : ""}`, panel.said());
}

// Nothing is lost before it was there: a first connection is waited for a while without a word.
function connectionText(isFirst) {
  if (feeds.state === "closed") {
    return `${feeds.connection.error?.message ?? "the connection was closed"}: reload the page.`;
  }
  if (feeds.state === "open" || cards.length === 0) {
    return "";
  }
  if (isFirst) {
    return performance.now() - startedAt < PATIENCE ? "" : "No connection yet; trying again…";
  }
  return "The connection is lost: numbers are as they were. Connecting again…";
}

function badge(element, state) {
  element.hidden = state === "";
  element.className = `badge ${state}`;
  setText(element, state);
}

function banner(text) {
  $("banner").hidden = text === "";
  setText($("banner"), text);
}

// Only changes of state are read aloud, of the feed and of the open key; numbers would never stop.
function say(...texts) {
  const changed = texts.filter((text, index) => text !== "" && text !== said[index]);
  said = texts;
  if (changed.length > 0) {
    $("say").textContent = changed.join(". ");
  }
}

// From the rows to the health and back; the focus goes with it.
function turn() {
  const isHealth = place.view === "health";
  go({ view: isHealth ? null : "health" }, true);
  $(isHealth ? "scroll" : "health").focus();
}

// The focus goes back to the row that it came from; where only the health is open, Escape leaves that.
function leave() {
  const { key, view } = place;
  if (key) {
    go({ key: null });
    view === "health" ? $("health").focus() : table.focus(key);
  } else if (view === "health") {
    turn();
  }
}

function switchTheme() {
  const root = document.documentElement;
  const isDark = root.dataset.theme
    ? root.dataset.theme === "dark"
    : matchMedia("(prefers-color-scheme: dark)").matches;
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
