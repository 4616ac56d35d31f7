// Sockets: connect, upgrade, cut the stream into WebSocket frames.
#define _GNU_SOURCE
#include "driver.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

enum { BUFFER = 256 * 1024, PORTS_PER_ADDRESS = 20000 };

// The example of RFC 6455, so that the answer is known without SHA-1.
static const char *const KEY = "dGhlIHNhbXBsZSBub25jZQ==";
static const char *const ACCEPT = "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=";

int open_count, closed_count, pending_count;
static char buffer[BUFFER];

void fail(const char *format, ...) {
  va_list rest;
  va_start(rest, format);
  fprintf(stderr, "driver: ");
  vfprintf(stderr, format, rest);
  fprintf(stderr, "\n");
  va_end(rest);
  exit(1);
}

void violation(struct connection *connection, const char *what, const char *payload, size_t length) {
  if (violations++ < 5)
    fprintf(stderr, "violation: connection %d: %s: %.*s\n", connection->index, what,
            (int)(length < 400 ? length : 400), payload);
}

static void send_all(struct connection *connection, const char *bytes, size_t length) {
  while (length > 0) {
    ssize_t sent = send(connection->fd, bytes, length, MSG_NOSIGNAL);
    if (sent < 0 && errno == EAGAIN) {
      struct pollfd wait = {.fd = connection->fd, .events = POLLOUT};
      if (poll(&wait, 1, 10000) != 1) fail("connection %d: the server does not read", connection->index);
      continue;
    }
    if (sent < 0) return;  // it was closed, which the next read tells
    bytes += sent;
    length -= (size_t)sent;
  }
}

// A client's frame is masked; a mask of zeros leaves the payload as it is.
void send_frame(struct connection *connection, int opcode, const char *payload, size_t length) {
  char frame[512];
  size_t head = 2;
  if (length > 400) fail("a frame of %zu bytes", length);
  frame[0] = (char)(0x80 | opcode);
  if (length < 126) {
    frame[1] = (char)(0x80 | length);
  } else {
    frame[1] = (char)(0x80 | 126);
    frame[2] = (char)(length >> 8);
    frame[3] = (char)length;
    head = 4;
  }
  memset(frame + head, 0, 4);
  memcpy(frame + head + 4, payload, length);
  send_all(connection, frame, head + 4 + length);
}

void send_text(struct connection *connection, const char *text, size_t length) {
  send_frame(connection, 1, text, length);
}

void start_connection(struct connection *connection, int epoll) {
  int one = 1;
  struct sockaddr_in to = {.sin_family = AF_INET, .sin_port = htons((uint16_t)options.port)};
  struct sockaddr_in from = {.sin_family = AF_INET};
  from.sin_addr.s_addr = htonl(0x7f000001u + (uint32_t)(connection->index / PORTS_PER_ADDRESS));
  if (inet_pton(AF_INET, options.host, &to.sin_addr) != 1) fail("%s is no IPv4 address", options.host);
  connection->state = CONNECTING;
  connection->fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
  if (connection->fd < 0) fail("socket %d: %s (open files: ulimit -n)", connection->index, strerror(errno));
  setsockopt(connection->fd, IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT, &one, sizeof one);
  setsockopt(connection->fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
  if (bind(connection->fd, (struct sockaddr *)&from, sizeof from) != 0) fail("bind: %s", strerror(errno));
  if (connect(connection->fd, (struct sockaddr *)&to, sizeof to) != 0 && errno != EINPROGRESS) {
    if (!storming) fail("connect: %s", strerror(errno));
    come_back(connection);
    return;
  }
  struct epoll_event event = {.events = EPOLLOUT, .data.ptr = connection};
  if (epoll_ctl(epoll, EPOLL_CTL_ADD, connection->fd, &event) != 0) fail("epoll: %s", strerror(errno));
  pending_count++;
}

// HTTP/1.0, so that the events come as they are: in chunks they would have to be put together again.
static int events_request(struct connection *connection, char *request, size_t size) {
  int length = snprintf(request, size, "GET %s?", options.path);
  for (int subscription = 0; subscription < options.subscriptions; subscription++)
    length += snprintf(request + length, size - (size_t)length, "sub=%s:k%d&", options.feed,
                       key_of(connection->index, subscription));
  length += snprintf(request + length, size - (size_t)length, " HTTP/1.0\r\nHost: %s:%d\r\n\r\n", options.host,
                     options.port);
  if ((size_t)length >= size) fail("%d subscriptions are too many for one request", options.subscriptions);
  return length;
}

static void upgrade(struct connection *connection, int epoll) {
  char request[4096];
  int length, error = 0;
  socklen_t size = sizeof error;
  getsockopt(connection->fd, SOL_SOCKET, SO_ERROR, &error, &size);
  if (error != 0 && storming && connection->cut) {
    pending_count--;
    come_back(connection);
    return;
  }
  if (error != 0) fail("connect to %s:%d: %s", options.host, options.port, strerror(error));
  if (options.protocol == EVENTS_STREAM)
    length = events_request(connection, request, sizeof request);
  else
    length = snprintf(request, sizeof request,
                      "GET %s HTTP/1.1\r\nHost: %s:%d\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
                      "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: %s\r\n%s\r\n",
                      options.path, options.host, options.port, KEY,
                      options.protocol == AKKAFEEDS ? "Sec-WebSocket-Protocol: akkafeeds.v1\r\n"
                      : options.protocol == GRAPHQL ? "Sec-WebSocket-Protocol: graphql-transport-ws\r\n" : "");
  send_all(connection, request, (size_t)length);
  connection->state = UPGRADING;
  struct epoll_event event = {.events = EPOLLIN, .data.ptr = connection};
  epoll_ctl(epoll, EPOLL_CTL_MOD, connection->fd, &event);
}

static void keep(struct connection *connection, const char *bytes, size_t length) {
  if (length > connection->partial_capacity) {
    connection->partial = realloc(connection->partial, length);
    if (connection->partial == NULL) fail("no memory");
    connection->partial_capacity = length;
  }
  if (length > 0) memcpy(connection->partial, bytes, length);
  connection->partial_length = length;
}

static void close_connection(struct connection *connection, const char *why) {
  if (connection->state == CLOSED || connection->state == WAITING) return;
  if (storming && connection->cut) {
    if (connection->state == OPEN) open_count--;
    else pending_count--;
    come_back(connection);
    return;
  }
  if (connection->state != OPEN) fail("connection %d was refused: %s", connection->index, why);
  fprintf(stderr, "driver: connection %d closed: %s\n", connection->index, why);
  close(connection->fd);
  connection->state = CLOSED;
  closed_count++;
}

// The bytes of the response, up to and including the empty line; 0 while it is not whole.
static size_t take_response(struct connection *connection, char *bytes, size_t length) {
  char *end = memmem(bytes, length, "\r\n\r\n", 4);
  if (end == NULL) return 0;
  bool is_good = options.protocol == EVENTS_STREAM
    ? length >= 12 && memcmp(bytes, "HTTP/1.1 200", 12) == 0
    : length >= 12 && memcmp(bytes, "HTTP/1.1 101", 12) == 0 && memmem(bytes, length, ACCEPT, strlen(ACCEPT)) != NULL;
  if (!is_good && storming && connection->cut) {
    close_connection(connection, "refused");
    return length;
  }
  if (!is_good)
    fail("connection %d was refused: %.*s", connection->index, (int)(length < 200 ? length : 200), bytes);
  connection->state = OPEN;
  open_count++;
  pending_count--;
  if (options.protocol != EVENTS_STREAM) send_subscriptions(connection);
  return (size_t)(end + 4 - bytes);
}

static void take_frame(struct connection *connection, int first, char *payload, size_t length) {
  bool more = (first & 0x80) == 0;
  if (options.protocol == SIGNALR && (first & 0x7f) <= 1) {  // cuts what is long at the ends of its own buffers
    handle_payload(connection, payload, length, more);
    return;
  }
  switch (first & 0x7f) {
    case 1: handle_payload(connection, payload, length, more); break;
    case 8: close_connection(connection, length > 2 ? payload + 2 : "no reason"); break;
    case 9: send_frame(connection, 10, payload, length); break;
    case 10: break;
    default: violation(connection, "an opcode that is not text, close, ping or pong", payload, length);
  }
  if (more) violation(connection, "a fragment", payload, length);
}

// Cuts off whole frames and gives how many bytes they were.
static size_t take_frames(struct connection *connection, char *bytes, size_t length) {
  size_t at = 0;
  while (connection->state == OPEN && length - at >= 2) {
    const unsigned char *head = (const unsigned char *)bytes + at;
    size_t size = head[1], offset = 2;
    if (size == 126) {
      if (length - at < 4) break;
      size = (size_t)head[2] << 8 | head[3];
      offset = 4;
    } else if (size == 127) {
      if (length - at < 10) break;
      size = (size_t)head[6] << 24 | (size_t)head[7] << 16 | (size_t)head[8] << 8 | head[9];
      offset = 10;
    } else if (size > 127) {
      violation(connection, "a masked frame", bytes + at, 2);
      fail("the stream cannot be read on");
    }
    if (offset + size > BUFFER / 2) fail("a frame of %zu bytes", size);
    if (length - at < offset + size) break;
    take_frame(connection, head[0], bytes + at + offset, size);
    at += offset + size;
  }
  return at;
}

// Cuts off whole events: what is between "data: " and the empty line is a frame.
static size_t take_events(struct connection *connection, char *bytes, size_t length) {
  size_t at = 0;
  for (char *end; (end = memmem(bytes + at, length - at, "\n\n", 2)) != NULL; at = (size_t)(end + 2 - bytes)) {
    size_t size = (size_t)(end - bytes) - at;
    char *data = memmem(bytes + at, size, "data: ", 6);
    if (data != NULL) handle_payload(connection, data + 6, (size_t)(end - data) - 6, false);
    else if (bytes[at] != ':') violation(connection, "an event without data", bytes + at, size);
  }
  if (length - at > BUFFER / 2) fail("an event of %zu bytes", length - at);
  return at;
}

// Reads once, at most `most` bytes.
void read_some(struct connection *connection, size_t most) {
  size_t before = connection->partial_length;
  size_t room = BUFFER - before < most ? BUFFER - before : most;
  ssize_t count = recv(connection->fd, buffer + before, room, 0);
  if (count < 0 && (errno == EAGAIN || errno == EINTR)) return;
  if (count <= 0) {
    close_connection(connection, count == 0 ? "end of stream" : strerror(errno));
    return;
  }
  if (counting) {
    tally.bytes += (uint64_t)count;
    tally.reads++;
  }
  connection->budget -= (double)count;
  if (before > 0) memcpy(buffer, connection->partial, before);
  size_t length = before + (size_t)count, taken = 0;
  if (connection->state == UPGRADING) taken = take_response(connection, buffer, length);
  if (connection->state == OPEN)
    taken += options.protocol == EVENTS_STREAM ? take_events(connection, buffer + taken, length - taken)
                                               : take_frames(connection, buffer + taken, length - taken);
  if (connection->state != CLOSED && connection->state != WAITING) keep(connection, buffer + taken, length - taken);
}

void connection_ready(struct connection *connection, int epoll, uint32_t events) {
  if (connection->state == CONNECTING) {
    if (events & (EPOLLOUT | EPOLLERR | EPOLLHUP)) upgrade(connection, epoll);
    return;
  }
  if (connection->state == WAITING) return;
  read_some(connection, BUFFER);
  if (connection->state == OPEN && connection->slow) epoll_ctl(epoll, EPOLL_CTL_DEL, connection->fd, NULL);
}
