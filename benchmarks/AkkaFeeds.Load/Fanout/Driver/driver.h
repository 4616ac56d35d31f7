// The load driver: many WebSocket connections on one thread, so that it costs far less than the server it measures.
#ifndef DRIVER_H
#define DRIVER_H

#include "histogram.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum protocol { AKKAFEEDS, SIGNALR, EVENTS_STREAM, GRAPHQL };
enum state { CONNECTING, UPGRADING, OPEN, CLOSED, WAITING };

struct options {
  const char *host;
  int port;
  const char *path;
  const char *feed;
  enum protocol protocol;
  int connections;
  int subscriptions;  // of each connection
  int keys;           // k0 to k(keys-1); subscription j of connection i is key i*7 + j*(keys/subscriptions)
  int slow;           // so many connections, the first ones, read at a limited rate
  int slow_bytes;     // a second, of each of these
  bool marks;         // says hello and answers marks
  bool check;         // compares base, version and key of every frame
  double warm;        // seconds between all subscribed and the first count
  double seconds;     // of counting
  bool storm;         // then all but the first connections are reset at once, and come back
  int stay;           // so many are not
  bool begin;         // says begin once all have been answered: the server makes its load itself
};

// What a client holds of a key: what it resumes from.
struct held {
  char epoch[48];
  char pos[64];
  bool is_asked;      // came back, and has no answer yet
};

struct connection {
  int fd;
  int index;
  enum state state;
  bool slow;
  bool cut;           // is reset in a storm
  double budget;      // bytes that a slow one may read now
  char *partial;      // the beginning of a frame whose end has not come
  size_t partial_length, partial_capacity;
  char *record;       // of SignalR: the beginning of a record whose end is in the next fragment
  size_t record_length;
  int64_t *versions;  // by subscription, -1 before the first snapshot
  int64_t *counts;    // by subscription: the view's own count of records, "n"
  struct held *held;  // by subscription, in a storm only
  int missing;        // answers, since it came back
  int attempts;       // since it was whole
  int64_t due, retry_after;
};

struct tally {
  uint64_t deliveries, snapshots, marks, others, bytes, reads, updates;
  struct histogram fast, slow;  // those that were not cut, and the slow or cut ones
};

extern struct options options;
extern struct tally tally;
extern bool counting;
extern uint64_t violations, server_errors, answered;

int64_t now_microseconds(void);
int key_of(int connection, int subscription);
int subscription_of(int connection, int64_t key);
bool number_after(const char *payload, size_t length, const char *name, int64_t *value);

// frames.c: one whole payload of a connection; sends what it has to answer. SignalR's may be a fragment.
void handle_payload(struct connection *connection, char *payload, size_t length, bool more);
void send_begin(struct connection *connection);
void send_subscriptions(struct connection *connection);

// storm.c
extern bool storming;
void prepare_storm(struct connection *connections);
void run_storm(struct connection *connections, int epoll, void (*wait)(int epoll, int milliseconds));
void hold_answer(struct connection *connection, const char *payload, size_t length);
void turned_away(struct connection *connection, const char *payload, size_t length);
int write_resume(struct connection *connection, int subscription, char *text, size_t size);
void come_back(struct connection *connection);
void print_storm(void);

// connections.c
void send_text(struct connection *connection, const char *text, size_t length);
void send_frame(struct connection *connection, int opcode, const char *payload, size_t length);
void start_connection(struct connection *connection, int epoll);
void connection_ready(struct connection *connection, int epoll, uint32_t events);
void read_some(struct connection *connection, size_t most);
void fail(const char *format, ...) __attribute__((format(printf, 1, 2), noreturn));
void violation(struct connection *connection, const char *what, const char *payload, size_t length);
extern int open_count, closed_count, pending_count;

#endif
