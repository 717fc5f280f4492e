"use strict";
(() => {
  const WARM_UP = 10, TRIPS = 50;
  const place = (id) => document.getElementById(id);
  const say = (id, text) => { place(id).textContent = text; };

  const duration = (ns) => {
    if (ns < 1e3) return `${Math.round(ns)} ns`;
    const [value, unit] = ns < 1e6 ? [ns / 1e3, "µs"] : ns < 1e9 ? [ns / 1e6, "ms"] : [ns / 1e9, "s"];
    return `${value < 10 ? value.toFixed(2) : value < 100 ? value.toFixed(1) : Math.round(value)} ${unit}`;
  };

  // The least step that this page's clock is seen to take, in milliseconds.
  const clockStep = () => {
    let least = Infinity;
    for (let step = 0; step < 20; step++) {
      const begin = performance.now();
      let now = begin;
      while (now === begin) now = performance.now();
      least = Math.min(least, now - begin);
    }
    return least;
  };

  const trip = async () => {
    const begin = performance.now();
    const answer = await fetch("/ping", {cache: "no-store"});
    await answer.text();
    if (!answer.ok) throw new Error(`lopong answered ${answer.status}`);
    return performance.now() - begin;
  };

  const measure = async () => {
    place("again").disabled = true;
    say("trip-words", "The browser measures …");
    try {
      const step = clockStep(), trips = [];
      for (let i = 0; i < WARM_UP; i++) await trip();
      for (let i = 0; i < TRIPS; i++) trips.push(await trip());
      trips.sort((one, other) => one - other);
      say("trip-median", duration(trips[TRIPS / 2 - 1] * 1e6));
      say("trip-least", duration(trips[0] * 1e6));
      say("trip-words", `${TRIPS} round trips by this browser, after ${WARM_UP} to warm up. Its clock (performance.now()) ` +
        `moves in steps of ${duration(step * 1e6)}, so no figure of it is finer than that.`);
    } catch (error) {
      say("trip-words", `The browser could not measure: ${error.message}.`);
    }
    place("again").disabled = false;
  };

  const showNative = (native) => {
    if (native === null) return;
    say("native-legs", duration(native.legs_median_ns));
    say("native-steps", native.steps_median_ns > 0 ? duration(native.steps_median_ns) : "not known");
    say("native-words", `Of the session of loping that ended last: half of its last ${native.count} messages that came alone took ` +
      `no longer than these; the least are ${duration(native.legs_least_ns)} and ` +
      (native.steps_median_ns > 0 ? `${duration(native.steps_least_ns)}.` : "not known, as it did not wait for each answer."));
  };

  let before = null;
  const show = (counts) => {
    for (const each of document.querySelectorAll("[data-counter]"))
      each.textContent = counts[each.dataset.counter].toLocaleString("en-US");
    if (before !== null && counts.run_ns > before.run_ns)
      say("rate", Math.round((counts.messages - before.messages) * 1e9 / (counts.run_ns - before.run_ns)).toLocaleString("en-US"));
    if (before === null || counts.run_ns > before.run_ns) before = counts;
    showNative(counts.native);
    say("counters-words", `Live, once a second. lopong has run for ${Math.round(counts.run_ns / 1e9).toLocaleString("en-US")} s.`);
  };

  // A browser opens few connections to one server: who is not looked at gives its own back.
  let source = null;
  const watch = () => {
    if (document.hidden || source !== null) {
      if (document.hidden && source !== null) source.close();
      if (document.hidden) source = null;
      return;
    }
    source = new EventSource("/events");
    source.onmessage = (event) => show(JSON.parse(event.data));
    source.onerror = () => {
      source.close();
      say("rate", "…");
      say("counters-words", "No longer live: lopong has ended, or too many pages watch it. Reload to try again.");
    };
  };

  document.addEventListener("visibilitychange", watch);
  place("again").addEventListener("click", measure);
  watch();
  measure();
})();
