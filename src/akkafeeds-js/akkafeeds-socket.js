// The best rung of the ladder.

const PATIENCE = 2_500; // progress comes each second

/** One WebSocket. */
export class SocketLink {
  rung = "websocket";
  patience = PATIENCE;
  #socket;
  #isWelcome = false;

  constructor(core, host, url) {
    try {
      this.#socket = host.open(url, "akkafeeds.v1");
    } catch (error) {
      host.report(error);
      host.later(() => core._ended(this, 1006), 0);
      return;
    }
    this.#socket.onopen = () => {
      this.#write({ op: "hello", marks: true });
      this.authorize(core._token);
    };
    this.#socket.onmessage = ({ data }) => {
      const frame = JSON.parse(data);
      this.#isWelcome ||= frame.op === "welcome";
      core._heard(this, frame);
    };
    this.#socket.onclose = ({ code }) => core._ended(this, code); // also behind an error
  }

  send(frame) {
    if (this.#isWelcome) {
      this.#write(frame);
    }
  }

  /** A socket that still connects throws at what is sent: it sends the newest when it opens. */
  authorize(token) {
    if (token && this.#socket?.readyState === 1) {
      this.#write({ op: "auth", token });
    }
  }

  close() {
    this.#isWelcome = false;
    this.#socket?.close(1000);
  }

  #write(frame) {
    this.#socket.send(JSON.stringify(frame));
  }
}
