// What users do under load, for k6 (https://grafana.com/docs/k6). Played against the running service
// by `devkit test --kind load`, or `k6 run tests/load/notes.js`.

/* global __ENV -- k6 gives it to every script. */
import { check, sleep } from "k6";
import http from "k6/http";

const BASE_URL = __ENV.BASE_URL ?? "http://127.0.0.1:3000";

export const options = {
  vus: 10,
  duration: "15s",
  thresholds: {
    checks: ["rate>0.99"],
    http_req_failed: ["rate<0.01"],
    http_req_duration: ["p(95)<500"],
  },
};

/** Somebody who reads the notes far more often than writing one. */
export default function () {
  if (Math.random() < 0.1) {
    writeNote();
  } else {
    listNotes();
  }
  sleep(0.1 + 0.4 * Math.random());
}

function listNotes() {
  const response = http.get(`${BASE_URL}/notes`);
  check(response, { "notes are listed": ({ status }) => status === 200 });
}

function writeNote() {
  const headers = { "Content-Type": "application/json" };
  const response = http.post(`${BASE_URL}/notes`, JSON.stringify({ text: "Milk" }), { headers });
  check(response, {
    "the answer says where the note is": (answer) => "Location" in answer.headers,
  });
}
