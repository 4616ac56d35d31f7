// Opens connections, subscribes, counts what comes, and tells it as lines of JSON on stdout:
//   {"event":"subscribed",...}  every subscription has been answered
//   {"event":"counting"}        --warm seconds later
//   {"event":"held","held":N}   with --check, some times a second: the sum of the counts that all connections hold
//   {"event":"result",...}      --seconds later or on SIGTERM, and the end; with --check also what is held of each key
// With --storm all connections but --stay of them are then reset at once and come back (storm.c); the result waits for
// that. With --begin the first connection says begin as soon as all are subscribed: a peer makes no update before.
// Latencies are the difference of the clock and of "sent", Unix microseconds that stand in the data.
#define _GNU_SOURCE
#include "driver.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <time.h>

enum { EVENTS = 512, PENDING_MAX = 256, SLOW_READS_A_SECOND = 20, SUBSCRIBE_SECONDS_MAX = 120 };

struct options options = {
    .host = "127.0.0.1", .path = "/v1/ws", .feed = "load", .connections = 1, .subscriptions = 1, .keys = 1,
    .warm = 2, .seconds = 10, .slow_bytes = 1000,
};
struct tally tally;
bool counting;
uint64_t violations, server_errors, answered;

static struct connection *connections;
static uint64_t signalr_pinged;
static volatile sig_atomic_t ended;

int64_t now_microseconds(void) {
  struct timespec now;
  clock_gettime(CLOCK_REALTIME, &now);
  return (int64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

static double seconds_since(int64_t start) { return (double)(now_microseconds() - start) / 1e6; }

static double cpu_seconds(void) {
  struct rusage used;
  getrusage(RUSAGE_SELF, &used);
  return (double)(used.ru_utime.tv_sec + used.ru_stime.tv_sec)
         + (double)(used.ru_utime.tv_usec + used.ru_stime.tv_usec) / 1e6;
}

static enum protocol protocol_of(const char *name) {
  if (!strcmp(name, "akkafeeds")) return AKKAFEEDS;
  if (!strcmp(name, "signalr")) return SIGNALR;
  if (!strcmp(name, "sse")) return EVENTS_STREAM;
  if (!strcmp(name, "graphql")) return GRAPHQL;
  fail("--protocol: %s: akkafeeds, signalr, sse or graphql is wanted", name);
}

static void read_options(int count, char **arguments) {
  for (int index = 1; index + 1 < count; index += 2) {
    const char *name = arguments[index], *value = arguments[index + 1];
    if (!strcmp(name, "--host")) options.host = value;
    else if (!strcmp(name, "--port")) options.port = atoi(value);
    else if (!strcmp(name, "--path")) options.path = value;
    else if (!strcmp(name, "--feed")) options.feed = value;
    else if (!strcmp(name, "--protocol")) options.protocol = protocol_of(value);
    else if (!strcmp(name, "--connections")) options.connections = atoi(value);
    else if (!strcmp(name, "--subscriptions")) options.subscriptions = atoi(value);
    else if (!strcmp(name, "--keys")) options.keys = atoi(value);
    else if (!strcmp(name, "--slow")) options.slow = atoi(value);
    else if (!strcmp(name, "--slow-bytes")) options.slow_bytes = atoi(value);
    else if (!strcmp(name, "--marks")) options.marks = atoi(value) != 0;
    else if (!strcmp(name, "--check")) options.check = atoi(value) != 0;
    else if (!strcmp(name, "--storm")) options.storm = atoi(value) != 0;
    else if (!strcmp(name, "--stay")) options.stay = atoi(value);
    else if (!strcmp(name, "--begin")) options.begin = atoi(value) != 0;
    else if (!strcmp(name, "--warm")) options.warm = atof(value);
    else if (!strcmp(name, "--seconds")) options.seconds = atof(value);
    else fail("%s: no such option", name);
  }
  if (count % 2 == 0) fail("%s: a value is wanted", arguments[count - 1]);
  if (options.subscriptions < 1 || options.keys % options.subscriptions != 0)
    fail("--keys must be a multiple of --subscriptions");
}

static void want_open_files(int count) {
  struct rlimit limit;
  getrlimit(RLIMIT_NOFILE, &limit);
  if (limit.rlim_cur >= (rlim_t)count) return;
  limit.rlim_cur = (rlim_t)count;
  if (limit.rlim_max < (rlim_t)count) limit.rlim_max = (rlim_t)count;
  if (setrlimit(RLIMIT_NOFILE, &limit) != 0)
    fail("%d open files are wanted, and this machine allows fewer: %s (ulimit -Hn)", count, strerror(errno));
}

static void wait_for_events(int epoll, int milliseconds) {
  struct epoll_event events[EVENTS];
  int count = epoll_wait(epoll, events, EVENTS, milliseconds);
  for (int index = 0; index < count; index++) connection_ready(events[index].data.ptr, epoll, events[index].events);
}

// Slow connections are not waited for: each reads what its rate allows, some times a second.
static void read_slowly(void) {
  static int64_t last;
  int64_t now = now_microseconds();
  if (last == 0) last = now;
  double elapsed = (double)(now - last) / 1e6;
  if (elapsed < 1.0 / SLOW_READS_A_SECOND) return;
  last = now;
  for (int index = 0; index < options.slow; index++) {
    struct connection *connection = &connections[index];
    connection->budget += elapsed * options.slow_bytes;
    if (connection->budget > options.slow_bytes / 4.0) connection->budget = options.slow_bytes / 4.0;
    if (connection->state == OPEN && connection->budget >= 1) read_some(connection, (size_t)connection->budget);
  }
}

// SignalR closes a client that says nothing for 30 s.
static void ping_signalr(int64_t start) {
  uint64_t due = (uint64_t)(seconds_since(start) / 10);
  if (options.protocol != SIGNALR || due == signalr_pinged) return;
  signalr_pinged = due;
  for (int index = 0; index < options.connections; index++)
    if (connections[index].state == OPEN) send_text(&connections[index], "{\"type\":6}\x1e", 11);
}

static void connect_all(int epoll) {
  int64_t start = now_microseconds();
  uint64_t wanted = (uint64_t)options.connections * (uint64_t)options.subscriptions;
  int started = 0;
  while (answered < wanted) {
    while (started < options.connections && pending_count < PENDING_MAX)
      start_connection(&connections[started++], epoll);
    wait_for_events(epoll, 10);
    if (options.slow > 0) read_slowly();
    if (seconds_since(start) > SUBSCRIBE_SECONDS_MAX || server_errors > 0)
      fail("%llu of %llu subscriptions were answered, %d of %d connections are open", (unsigned long long)answered,
           (unsigned long long)wanted, open_count, options.connections);
  }
  printf("{\"event\":\"subscribed\",\"connections\":%d,\"subscriptions\":%llu,\"seconds\":%.3f}\n", open_count,
         (unsigned long long)wanted, seconds_since(start));
  fflush(stdout);
}

static uint64_t held_count(void) {
  uint64_t held = 0;
  for (int index = 0; index < options.connections; index++)
    for (int subscription = 0; subscription < options.subscriptions; subscription++)
      held += (uint64_t)connections[index].counts[subscription];
  return held;
}

static void tell_held(void) {
  static int64_t told;
  if (!options.check || seconds_since(told) < 0.2) return;
  told = now_microseconds();
  printf("{\"event\":\"held\",\"held\":%llu}\n", (unsigned long long)held_count());
  fflush(stdout);
}

static void end(int number) {
  (void)number;
  ended = 1;
}

static void run_for(int epoll, double seconds, int64_t origin) {
  int64_t start = now_microseconds();
  while (!ended && seconds_since(start) < seconds) {
    wait_for_events(epoll, 20);
    if (options.slow > 0) read_slowly();
    ping_signalr(origin);
    tell_held();
  }
}

// What the holders of each key hold, the least and the most of it: at the end both are what HTTP says.
static void print_keys(void) {
  struct held { int64_t holders, version_min, version_max, count_min, count_max; };
  struct held *all = calloc((size_t)options.keys, sizeof *all);
  for (int index = 0; index < options.connections; index++)
    for (int subscription = 0; subscription < options.subscriptions; subscription++) {
      struct held *key = &all[key_of(index, subscription)];
      int64_t version = connections[index].versions[subscription], count = connections[index].counts[subscription];
      bool is_first = key->holders++ == 0;
      if (is_first || version < key->version_min) key->version_min = version;
      if (is_first || version > key->version_max) key->version_max = version;
      if (is_first || count < key->count_min) key->count_min = count;
      if (is_first || count > key->count_max) key->count_max = count;
    }
  printf("\"keys\":[");
  for (int key = 0; key < options.keys; key++)
    printf("%s{\"holders\":%lld,\"versionMin\":%lld,\"versionMax\":%lld,\"countMin\":%lld,\"countMax\":%lld}",
           key == 0 ? "" : ",", (long long)all[key].holders, (long long)all[key].version_min,
           (long long)all[key].version_max, (long long)all[key].count_min, (long long)all[key].count_max);
  printf("],");
  free(all);
}

static void print_result(double seconds, double cpu) {
  printf("{\"event\":\"result\",\"seconds\":%.3f,\"cpuSeconds\":%.3f,\"deliveries\":%llu,\"updates\":%llu,"
         "\"snapshots\":%llu,\"marks\":%llu,\"others\":%llu,\"bytes\":%llu,\"reads\":%llu,\"closed\":%d,"
         "\"violations\":%llu,\"errors\":%llu,\"held\":%llu,",
         seconds, cpu, (unsigned long long)tally.deliveries, (unsigned long long)tally.updates,
         (unsigned long long)tally.snapshots, (unsigned long long)tally.marks, (unsigned long long)tally.others,
         (unsigned long long)tally.bytes, (unsigned long long)tally.reads, closed_count,
         (unsigned long long)violations, (unsigned long long)server_errors, (unsigned long long)held_count());
  if (options.check) print_keys();
  if (options.storm) print_storm();
  histogram_print(stdout, "latency", &tally.fast);
  printf(",");
  histogram_print(stdout, "slow", &tally.slow);
  printf("}\n");
  fflush(stdout);
}

int main(int count, char **arguments) {
  read_options(count, arguments);
  want_open_files(options.connections + 64);
  int epoll = epoll_create1(0);
  connections = calloc((size_t)options.connections, sizeof *connections);
  for (int index = 0; index < options.connections; index++) {
    connections[index].index = index;
    connections[index].slow = index < options.slow;
    connections[index].versions = malloc((size_t)options.subscriptions * sizeof(int64_t));
    connections[index].counts = calloc((size_t)options.subscriptions, sizeof(int64_t));
    memset(connections[index].versions, -1, (size_t)options.subscriptions * sizeof(int64_t));
  }
  if (options.storm) prepare_storm(connections);
  struct sigaction action = {.sa_handler = end};
  sigaction(SIGTERM, &action, NULL);
  int64_t origin = now_microseconds();
  connect_all(epoll);
  if (options.begin) send_begin(&connections[0]);
  run_for(epoll, options.warm, origin);
  printf("{\"event\":\"counting\"}\n");
  fflush(stdout);
  int64_t start = now_microseconds();
  double cpu = cpu_seconds();
  counting = true;
  run_for(epoll, options.seconds, origin);
  if (options.storm) run_storm(connections, epoll, wait_for_events);
  counting = false;
  print_result(seconds_since(start), cpu_seconds() - cpu);
  return 0;
}
