// The floor: what a delivered frame costs where nothing is done but the sending. One thread, epoll, one send a frame
// and connection, no queue, no actor, no JSON: the frame is made once and its bytes go to all who subscribed to its key.
//   floor --rate UPDATES_A_SECOND --keys N --bytes FRAME_BYTES [--port 0]
// Speaks as much of akkafeeds.v1 as the load driver needs, and prints {"port":N} once it listens; ../README.md says
// when updates begin, and what stands in them. A connection whose socket takes no more is passed over until it does:
// what it misses is counted as skipped, and told at the end.
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/timerfd.h>
#include <time.h>
#include <unistd.h>

enum { CONNECTIONS_MAX = 65536, INPUT_MAX = 8192, FRAME_MAX = 1024, EVENTS = 256, TURN_MICROSECONDS = 10000 };

struct client {
  bool is_open;
  char input[INPUT_MAX];
  size_t input_length;
  char rest[FRAME_MAX];  // of a frame that the socket took in part
  size_t rest_length;
};

struct key {
  int *sockets;
  int count, capacity;
  int64_t version;
};

static struct client *clients[CONNECTIONS_MAX];
static struct key *keys;
static int key_count = 1, frame_bytes = 200, epoll;
static double rate = 50;
static uint64_t skipped, delivered, published;
static int64_t began;  // Unix microseconds; 0 before
static volatile sig_atomic_t ended;

static void fail(const char *what) {
  fprintf(stderr, "floor: %s: %s\n", what, strerror(errno));
  exit(1);
}

static int64_t now_microseconds(clockid_t clock) {
  struct timespec now;
  clock_gettime(clock, &now);
  return (int64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

static void drop(int fd) {
  free(clients[fd]);
  clients[fd] = NULL;
  for (int key = 0; key < key_count; key++)
    for (int at = 0; at < keys[key].count; at++)
      if (keys[key].sockets[at] == fd) keys[key].sockets[at--] = keys[key].sockets[--keys[key].count];
  close(fd);
}

static void watch(int fd, bool writable) {
  struct epoll_event event = {.events = EPOLLIN | (writable ? EPOLLOUT : 0), .data.fd = fd};
  epoll_ctl(epoll, EPOLL_CTL_MOD, fd, &event);
}

static void send_bytes(int fd, const char *bytes, size_t length) {
  struct client *client = clients[fd];
  if (client->rest_length > 0) {
    skipped++;
    return;
  }
  ssize_t sent = send(fd, bytes, length, MSG_NOSIGNAL);
  if (sent == (ssize_t)length) {
    delivered++;
    return;
  }
  if (sent < 0 && errno != EAGAIN) return;  // closed: its next event drops it
  size_t taken = sent < 0 ? 0 : (size_t)sent;
  client->rest_length = length - taken;
  memcpy(client->rest, bytes + taken, client->rest_length);
  watch(fd, true);
}

static size_t make_frame(char *frame, const char *text, size_t length) {
  frame[0] = (char)0x81;
  if (length < 126) {
    frame[1] = (char)length;
    memcpy(frame + 2, text, length);
    return length + 2;
  }
  frame[1] = 126;
  frame[2] = (char)(length >> 8);
  frame[3] = (char)length;
  memcpy(frame + 4, text, length);
  return length + 4;
}

static void publish(int index, int64_t sent) {
  char text[FRAME_MAX], frame[FRAME_MAX + 4];
  struct key *key = &keys[index];
  key->version++;
  int length = snprintf(text, sizeof text - 8,
                        "{\"op\":\"delta\",\"feed\":\"load\",\"key\":\"k%d\",\"epoch\":\"floor\",\"base\":%lld,"
                        "\"version\":%lld,\"data\":{\"n\":%lld,\"sent\":%lld,\"pad\":\"",
                        index, (long long)key->version - 1, (long long)key->version, (long long)key->version,
                        (long long)sent);
  while (length < frame_bytes - 7) text[length++] = 'x';
  memcpy(text + length, "\"}}", 3);
  size_t size = make_frame(frame, text, (size_t)length + 3);
  for (int at = key->count - 1; at >= 0; at--) send_bytes(key->sockets[at], frame, size);
}

static void subscribe(int fd, int index) {
  struct key *key = &keys[index];
  char text[128], frame[132];
  if (key->count == key->capacity) {
    key->capacity = key->capacity == 0 ? 16 : 2 * key->capacity;
    key->sockets = realloc(key->sockets, (size_t)key->capacity * sizeof(int));
  }
  key->sockets[key->count++] = fd;
  int length = snprintf(text, sizeof text,
                        "{\"op\":\"snapshot\",\"key\":\"k%d\",\"version\":%lld,\"data\":{\"n\":%lld}}",
                        index, (long long)key->version, (long long)key->version);
  send_bytes(fd, frame, make_frame(frame, text, (size_t)length));
}

// At most for a turn: what is read from clients would wait behind all that is overdue.
static void publish_due(void) {
  int64_t start = now_microseconds(CLOCK_REALTIME);
  uint64_t due = began == 0 ? 0 : (uint64_t)((double)(start - began) * rate / 1e6);
  while (published < due && now_microseconds(CLOCK_REALTIME) - start < TURN_MICROSECONDS) {
    published++;
    publish((int)(random() % key_count), began + (int64_t)((double)published * 1e6 / rate));
  }
}

static void take_text(int fd, char *text, size_t length) {
  if (began == 0 && memmem(text, length, "\"begin\"", 7) != NULL) began = now_microseconds(CLOCK_REALTIME);
  char *found = memmem(text, length, "\"key\":\"k", 8);
  if (found == NULL) return;  // hello, rendered
  int index = atoi(found + 8);
  if (index >= 0 && index < key_count) subscribe(fd, index);
}

static void take_input(int fd) {
  struct client *client = clients[fd];
  ssize_t count = recv(fd, client->input + client->input_length, INPUT_MAX - 1 - client->input_length, 0);
  if (count < 0 && errno == EAGAIN) return;
  if (count <= 0) {
    drop(fd);
    return;
  }
  client->input_length += (size_t)count;
  size_t at = 0;
  if (!client->is_open) {
    char *end = memmem(client->input, client->input_length, "\r\n\r\n", 4);
    if (end == NULL) return;
    client->is_open = true;
    at = (size_t)(end + 4 - client->input);
    // The driver always sends the key of RFC 6455's example; this is that example's answer.
    static const char answer[] = "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                                 "Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n\r\n";
    send_bytes(fd, answer, sizeof answer - 1);
  }
  while (client->input_length - at >= 6) {
    unsigned char *head = (unsigned char *)client->input + at;
    size_t size = head[1] & 0x7f, offset = 6;
    if (size == 126) {
      size = (size_t)head[2] << 8 | head[3];
      offset = 8;
    }
    if (client->input_length - at < offset + size) break;
    for (size_t index = 0; index < size; index++) head[offset + index] ^= head[offset - 4 + index % 4];
    take_text(fd, client->input + at + offset, size);
    at += offset + size;
  }
  client->input_length -= at;
  memmove(client->input, client->input + at, client->input_length);
}

static void send_rest(int fd) {
  struct client *client = clients[fd];
  ssize_t sent = send(fd, client->rest, client->rest_length, MSG_NOSIGNAL);
  if (sent <= 0) return;
  client->rest_length -= (size_t)sent;
  memmove(client->rest, client->rest + sent, client->rest_length);
  if (client->rest_length == 0) watch(fd, false);
}

static void add(int fd, uint32_t events) {
  struct epoll_event event = {.events = events, .data.fd = fd};
  if (epoll_ctl(epoll, EPOLL_CTL_ADD, fd, &event) != 0) fail("epoll_ctl");
}

static void accept_all(int listener) {
  for (int fd; (fd = accept4(listener, NULL, NULL, SOCK_NONBLOCK)) >= 0;) {
    int one = 1;
    if (fd >= CONNECTIONS_MAX) {
      close(fd);
      continue;
    }
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
    clients[fd] = calloc(1, sizeof(struct client));
    add(fd, EPOLLIN);
  }
}

static int listen_on(int port) {
  int one = 1, listener = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
  struct sockaddr_in at = {.sin_family = AF_INET, .sin_port = htons((uint16_t)port)};
  socklen_t size = sizeof at;
  at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one);
  if (bind(listener, (struct sockaddr *)&at, sizeof at) != 0 || listen(listener, 4096) != 0) fail("listen");
  getsockname(listener, (struct sockaddr *)&at, &size);
  printf("{\"port\":%d}\n", ntohs(at.sin_port));
  fflush(stdout);
  return listener;
}

static void end(int signal) {
  (void)signal;
  ended = 1;
}

static void run(int listener) {
  int timer = timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK);
  double period = 1e9 / rate < 1e6 ? 1e6 : 1e9 / rate;  // nanoseconds; faster rates send several an interval
  struct itimerspec every = {.it_interval = {(time_t)(period / 1e9), (long)period % 1000000000}};
  every.it_value = every.it_interval;
  timerfd_settime(timer, 0, &every, NULL);
  add(listener, EPOLLIN);
  add(timer, EPOLLIN);
  struct epoll_event events[EVENTS];
  while (!ended) {
    int count = epoll_wait(epoll, events, EVENTS, -1);
    for (int index = 0; index < count; index++) {
      int fd = events[index].data.fd;
      if (fd == listener) {
        accept_all(listener);
      } else if (fd == timer) {
        uint64_t ticks;
        if (read(timer, &ticks, sizeof ticks) > 0) publish_due();
      } else {
        if (clients[fd] != NULL && (events[index].events & EPOLLOUT)) send_rest(fd);
        if (clients[fd] != NULL && (events[index].events & ~(uint32_t)EPOLLOUT)) take_input(fd);
      }
    }
  }
}

int main(int count, char **arguments) {
  int port = 0;
  for (int index = 1; index + 1 < count; index += 2) {
    const char *name = arguments[index], *value = arguments[index + 1];
    if (!strcmp(name, "--rate")) rate = atof(value);
    else if (!strcmp(name, "--keys")) key_count = atoi(value);
    else if (!strcmp(name, "--bytes")) frame_bytes = atoi(value);
    else if (!strcmp(name, "--port")) port = atoi(value);
    else fail(name);
  }
  if (rate <= 0 || key_count < 1 || frame_bytes < 190 || frame_bytes > 800) fail("--rate, --keys or --bytes");
  struct rlimit files = {CONNECTIONS_MAX, CONNECTIONS_MAX};
  if (setrlimit(RLIMIT_NOFILE, &files) != 0) {
    getrlimit(RLIMIT_NOFILE, &files);
    files.rlim_cur = files.rlim_max;
    setrlimit(RLIMIT_NOFILE, &files);
  }
  struct sigaction action = {.sa_handler = end};
  sigaction(SIGTERM, &action, NULL);
  sigaction(SIGINT, &action, NULL);
  keys = calloc((size_t)key_count, sizeof *keys);
  epoll = epoll_create1(0);
  run(listen_on(port));
  fprintf(stderr, "delivered %llu, skipped %llu\n", (unsigned long long)delivered, (unsigned long long)skipped);
  return 0;
}
