// Patches of views.

function isObject(value) {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** RFC 7396 without touching what is held. A key may be called __proto__: it is only ever a key. */
export function mergePatch(target, patch) {
  if (!isObject(patch)) {
    return patch;
  }
  const result = isObject(target) ? new Map(Object.entries(target)) : new Map();
  for (const [name, change] of Object.entries(patch)) {
    if (change === null) {
      result.delete(name);
    } else {
      result.set(name, mergePatch(result.get(name), change));
    }
  }
  return Object.fromEntries(result);
}

/** The paths that a patch touches, with dots between names. */
export function patchPaths(patch, before = "") {
  return Object.entries(patch).flatMap(([name, change]) =>
    isObject(change) && Object.keys(change).length > 0 ? patchPaths(change, `${before}${name}.`) : [before + name]);
}

/** The fields in which two views differ. */
export function changedPaths(held, data) {
  if (!isObject(held) || !isObject(data)) {
    return Object.keys(data ?? {});
  }
  const names = new Set([...Object.keys(held), ...Object.keys(data)]);
  return [...names].filter((name) => JSON.stringify(held[name]) !== JSON.stringify(data[name]));
}
