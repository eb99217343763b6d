// The keys, in a dialog. They can be turned off there: who speaks to the computer, or leans on the keyboard, needs that.

import { make } from "./dom.js";
import { keysAreOn, update } from "./state.js";
import { say } from "../words.js";

const KEYS = [[["/", say("ctrl_k")], say("key_search")], [["j", "k"], say("key_move")], [["s"], say("key_star")], [["r"], say("key_read")],
  [["h"], say("key_hide")], [["?"], say("key_help")], [[say("escape_key")], say("key_close")]];

let dialog;

export function openHelp() {
  if (!dialog) {
    const rows = KEYS.flatMap(([keys, text]) => [make("dt", {}, ...keys.flatMap((key, i) => [i ? " " : "", make("kbd", {}, key)])), make("dd", {}, text)]);
    const box = make("input", { type: "checkbox", onchange: () => update((state) => { state.keys = box.checked; }) });
    box.checked = keysAreOn();
    const close = make("button", { type: "button", autofocus: true, onclick: () => dialog.close() }, say("close"));
    dialog = make("dialog.help", { "aria-labelledby": "help-title", onclick: ({ target }) => target === dialog && dialog.close() },
      make("h2", { id: "help-title" }, say("keys")), make("dl", {}, ...rows), make("p", {}, make("label", {}, box, " ", say("keys_on"))), close);
    document.body.append(dialog);
  }
  if (!dialog.open) dialog.showModal();
}
