// Small helpers: elements are made once and only their texts change, so that a focus, a selection and a screen reader stay where they are.

export function make(name, className = "", ...inner) {
  const element = document.createElement(name);
  if (className !== "") {
    element.className = className;
  }
  element.append(...inner);
  return element;
}

export function setText(element, text) {
  if (element.textContent !== text) {
    element.textContent = text;
  }
}

/** Gives a parent one child an item: those that are there are used again, each is then told its item. */
export function sync(parent, items, create, update) {
  while (parent.children.length > items.length) {
    parent.lastElementChild.remove();
  }
  items.forEach((item, index) => update(parent.children[index] ?? parent.appendChild(create()), item));
}

/** Ends after a time, or when a signal is aborted. */
export function pause(milliseconds, signal) {
  return new Promise((resolve) => {
    const end = () => {
      clearTimeout(timer);
      signal?.removeEventListener("abort", end);
      resolve();
    };
    const timer = setTimeout(end, milliseconds);
    signal?.addEventListener("abort", end);
  });
}

/** A link where the text is an address that may be followed; the text itself where it is not. */
export function linked(text, label = text) {
  const href = /^https?:\/\//.test(text) ? text : /^[^\s@/:]+@[^\s@/:]+$/.test(text) ? `mailto:${text}` : null;
  if (href === null) {
    return text;
  }
  const link = make("a", "", label);
  link.href = href;
  link.rel = "noreferrer";
  return link;
}

/** A table with a heading for each column; `number` columns are set to the right. */
export function tableOf(label, columns) {
  const heads = columns.map(({ name, className = "" }) => {
    const head = make("th", className, name);
    head.scope = "col";
    return head;
  });
  const body = make("tbody");
  const table = make("table", "plain", make("thead", "", make("tr", "", ...heads)), body);
  table.setAttribute("aria-label", label);
  return { table, body, heads };
}

/** Writes rows of cells into a body; a cell is a text, or { text, className }. The first is the row's heading. */
export function fillRows(body, rows, classes) {
  sync(body, rows, () => make("tr"), (line, cells) => {
    let index = 0;
    const create = () => {
      const cell = make(index === 0 ? "th" : "td");
      if (index === 0) {
        cell.scope = "row";
      }
      return cell;
    };
    sync(line, cells, create, (element, cell) => {
      const { text, className = "" } = typeof cell === "string" ? { text: cell } : cell;
      element.className = `${classes[index++] ?? ""} ${className}`.trim();
      setText(element, text);
    });
  });
}
