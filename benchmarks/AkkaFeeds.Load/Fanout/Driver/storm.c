// A storm: all connections but some are reset in one instant, and come back as the browser's client does: after a
// random part of a time that doubles, behind what `retryAfter` says, and with what they hold. Each is whole when every
// one of its subscriptions has been answered again. It stays on its transport, where the browser's client takes the
// next rung behind two connections that failed; one that was told to come back later has not failed.
#define _GNU_SOURCE
#include "driver.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum { FIRST_MICROSECONDS = 500000, MOST_MICROSECONDS = 20000000 };
enum { SECONDS_MIN = 2, SECONDS_MAX = 60, CUT_AT_ONCE = 50 };

bool storming;

static struct histogram before, back;
static int whole_count, cut_count;
static uint64_t tries, told_later, failed, resumed, snapshots, recoveries;
static double whole_seconds;
static int64_t cut_at;

static void copy_after(const char *payload, size_t length, const char *name, char end, char *into, size_t size) {
  const char *found = memmem(payload, length, name, strlen(name));
  if (found == NULL) return;
  const char *from = found + strlen(name);
  const char *stop = memchr(from, end, length - (size_t)(from - payload));
  if (stop == NULL || (size_t)(stop - from) >= size) return;
  memcpy(into, from, (size_t)(stop - from));
  into[stop - from] = 0;
}

void prepare_storm(struct connection *connections) {
  for (int index = 0; index < options.connections; index++) {
    connections[index].cut = index >= options.stay;
    connections[index].held = calloc((size_t)options.subscriptions, sizeof(struct held));
  }
}

// A snapshot, delta or resumed: what the client holds from now on.
void hold_answer(struct connection *connection, const char *payload, size_t length) {
  int64_t key;
  if (!number_after(payload, length, "\"key\":\"k", &key)) return;
  int subscription = subscription_of(connection->index, key);
  if (subscription < 0) return;
  struct held *held = &connection->held[subscription];
  char epoch[sizeof held->epoch] = "";
  copy_after(payload, length, "\"epoch\":\"", '"', epoch, sizeof epoch);
  if (storming && held->epoch[0] != 0 && strcmp(held->epoch, epoch) != 0) recoveries++;
  strcpy(held->epoch, epoch);
  copy_after(payload, length, "\"pos\":{", '}', held->pos, sizeof held->pos);
  if (!held->is_asked) return;
  held->is_asked = false;
  if (memcmp(payload, "{\"op\":\"resumed\"", 15) == 0) resumed++;
  else snapshots++;
  if (--connection->missing > 0) return;
  connection->attempts = 0;
  whole_count++;
  histogram_add(&back, now_microseconds() - cut_at);
}

void turned_away(struct connection *connection, const char *payload, size_t length) {
  told_later++;
  number_after(payload, length, "\"retryAfter\":", &connection->retry_after);
}

int write_resume(struct connection *connection, int subscription, char *text, size_t size) {
  struct held *held = &connection->held[subscription];
  if (subscription == 0) connection->missing = options.subscriptions;
  held->is_asked = true;
  return snprintf(text, size,
                  "{\"op\":\"subscribe\",\"feed\":\"%s\",\"key\":\"k%d\",\"resume\":{\"epoch\":\"%s\",\"version\":%lld,"
                  "\"pos\":{%s}}}",
                  options.feed, key_of(connection->index, subscription), held->epoch,
                  (long long)connection->versions[subscription], held->pos);
}

// Closes it and says when it tries again.
void come_back(struct connection *connection) {
  close(connection->fd);
  if (connection->retry_after == 0 && connection->attempts > 0) failed++;
  int64_t most = FIRST_MICROSECONDS;
  for (int attempt = 0; attempt < connection->attempts && most < MOST_MICROSECONDS; attempt++) most *= 2;
  if (most > MOST_MICROSECONDS) most = MOST_MICROSECONDS;
  connection->due = now_microseconds() + connection->retry_after * 1000 + (int64_t)(drand48() * (double)most);
  connection->attempts++;
  connection->retry_after = 0;
  connection->partial_length = 0;
  connection->state = WAITING;
}

// Those that stay are read in between: that this takes a quarter of a second must not look like the server's delay.
static void cut(struct connection *connections, int epoll, void (*wait)(int epoll, int milliseconds)) {
  struct linger reset = {.l_onoff = 1, .l_linger = 0};
  cut_at = now_microseconds();
  for (int index = options.stay; index < options.connections; index++) {
    if (index % CUT_AT_ONCE == 0) wait(epoll, 0);
    if (connections[index].state != OPEN) continue;
    setsockopt(connections[index].fd, SOL_SOCKET, SO_LINGER, &reset, sizeof reset);
    connections[index].attempts = 0;
    come_back(&connections[index]);
    open_count--;
    cut_count++;
  }
}

static void start_due(struct connection *connections, int epoll) {
  static int64_t looked;
  int64_t now = now_microseconds();
  if (now - looked < 2000) return;
  looked = now;
  for (int index = options.stay; index < options.connections; index++)
    if (connections[index].state == WAITING && connections[index].due <= now) {
      tries++;
      start_connection(&connections[index], epoll);
    }
}

void run_storm(struct connection *connections, int epoll, void (*wait)(int epoll, int milliseconds)) {
  before = tally.fast;
  memset(&tally.fast, 0, sizeof tally.fast);
  memset(&tally.slow, 0, sizeof tally.slow);
  srand48(7);
  storming = true;
  cut(connections, epoll, wait);
  double seconds = 0;
  while (seconds < SECONDS_MIN || (whole_count < cut_count && seconds < SECONDS_MAX)) {
    start_due(connections, epoll);
    wait(epoll, 2);
    seconds = (double)(now_microseconds() - cut_at) / 1e6;
    if (whole_count >= cut_count && whole_seconds == 0) whole_seconds = seconds;
  }
}

void print_storm(void) {
  printf("\"storm\":{\"cut\":%d,\"whole\":%d,\"seconds\":%.3f,\"tries\":%llu,\"toldLater\":%llu,\"failed\":%llu,"
         "\"resumed\":%llu,\"snapshots\":%llu,\"recoveries\":%llu,",
         cut_count, whole_count, whole_seconds, (unsigned long long)tries, (unsigned long long)told_later,
         (unsigned long long)failed, (unsigned long long)resumed, (unsigned long long)snapshots,
         (unsigned long long)recoveries);
  histogram_print(stdout, "before", &before);
  printf(",");
  histogram_print(stdout, "back", &back);
  printf("},");
}
