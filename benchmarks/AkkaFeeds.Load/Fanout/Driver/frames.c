// What stands in a frame: of akkafeeds.v1, and of SignalR's JSON protocol (records that end with 0x1e).
#define _GNU_SOURCE
#include "driver.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int key_of(int connection, int subscription) {
  int stride = options.keys / options.subscriptions;
  return (int)(((long)connection * 7 + (long)subscription * stride) % options.keys);
}

// Which subscription of a connection a key is, or -1.
int subscription_of(int connection, int64_t key) {
  int stride = options.keys / options.subscriptions;
  int64_t distance = (key - (int64_t)connection * 7) % options.keys;
  if (distance < 0) distance += options.keys;
  return distance % stride == 0 && distance / stride < options.subscriptions ? (int)(distance / stride) : -1;
}

bool number_after(const char *payload, size_t length, const char *name, int64_t *value) {
  const char *found = memmem(payload, length, name, strlen(name));
  if (found == NULL) return false;
  const char *at = found + strlen(name), *end = payload + length;
  int64_t number = 0;
  if (at == end || *at < '0' || *at > '9') return false;
  while (at < end && *at >= '0' && *at <= '9') number = number * 10 + (*at++ - '0');
  *value = number;
  return true;
}

static bool starts(const char *payload, size_t length, const char *with) {
  size_t wanted = strlen(with);
  return length >= wanted && memcmp(payload, with, wanted) == 0;
}

static void count_delivery(struct connection *connection, const char *payload, size_t length) {
  int64_t sent;
  tally.deliveries++;
  if (number_after(payload, length, "\"sent\":", &sent))
    histogram_add(connection->slow || connection->cut ? &tally.slow : &tally.fast, now_microseconds() - sent);
}

static void check_view(struct connection *connection, const char *payload, size_t length, bool is_delta) {
  int64_t key, base = 0, version, count;
  if (!number_after(payload, length, "\"key\":\"k", &key) || !number_after(payload, length, "\"version\":", &version)
      || (is_delta && !number_after(payload, length, "\"base\":", &base))) {
    violation(connection, "a frame without key, version or base", payload, length);
    return;
  }
  int subscription = subscription_of(connection->index, key);
  if (subscription < 0) {
    violation(connection, "a key that was not subscribed", payload, length);
    return;
  }
  int64_t *held = &connection->versions[subscription];
  bool is_first = *held < 0;
  if (is_delta && (*held < 0 || base > *held || version <= *held))
    violation(connection, "a delta that does not continue what is held", payload, length);
  *held = version;
  if (number_after(payload, length, "\"n\":", &count)) {
    if (count < connection->counts[subscription]) violation(connection, "a count went back", payload, length);
    // A frame tells all records since the one before it, whether it is a delta or the whole view.
    if (counting && !is_first) tally.updates += (uint64_t)(count - connection->counts[subscription]);
    connection->counts[subscription] = count;
  }
}

static void handle_akkafeeds(struct connection *connection, char *payload, size_t length) {
  if (starts(payload, length, "{\"op\":\"delta\"")) {
    if (counting) count_delivery(connection, payload, length);
    if (options.check) check_view(connection, payload, length, true);
    if (options.storm) hold_answer(connection, payload, length);
  } else if (starts(payload, length, "{\"op\":\"snapshot\"")) {
    answered++;
    if (counting) tally.snapshots++;
    if (options.check) check_view(connection, payload, length, false);
    if (options.storm) hold_answer(connection, payload, length);
  } else if (storming && starts(payload, length, "{\"op\":\"resumed\"")) {
    hold_answer(connection, payload, length);
  } else if (storming && connection->cut && starts(payload, length, "{\"op\":\"bye\"")) {
    turned_away(connection, payload, length);
  } else if (starts(payload, length, "{\"op\":\"mark\"")) {
    int64_t mark;
    char answer[96];
    if (counting) tally.marks++;
    if (!number_after(payload, length, "\"mark\":", &mark)) violation(connection, "no mark", payload, length);
    int size = snprintf(answer, sizeof answer, "{\"op\":\"rendered\",\"mark\":%lld,\"at\":%lld}", (long long)mark,
                        (long long)(now_microseconds() / 1000));
    send_text(connection, answer, (size_t)size);
  } else {
    if (counting) tally.others++;
    if (starts(payload, length, "{\"op\":\"error\"") || starts(payload, length, "{\"op\":\"bye\"")) {
      if (server_errors++ == 0) fprintf(stderr, "the server said %.*s\n", (int)(length < 300 ? length : 300), payload);
    }
  }
}

static void handle_record(struct connection *connection, const char *record, size_t size) {
  if (starts(record, size, "{\"type\":1,")) {
    if (counting) count_delivery(connection, record, size);
  } else if (starts(record, size, "{\"type\":3,")) {
    answered++;
  } else if (starts(record, size, "{\"type\":6")) {
    send_text(connection, "{\"type\":6}\x1e", 11);
  } else if (size > 2) {
    if (server_errors++ == 0) fprintf(stderr, "the server said %.*s\n", (int)size, record);
  }
}

static void add_to_record(struct connection *connection, const char *bytes, size_t length) {
  connection->record = realloc(connection->record, connection->record_length + length);
  if (connection->record == NULL) fail("no memory");
  memcpy(connection->record + connection->record_length, bytes, length);
  connection->record_length += length;
}

// A message holds some records, and a fragment of one ends anywhere.
static void handle_signalr(struct connection *connection, const char *payload, size_t length, bool more) {
  for (const char *end = payload + length, *stop; payload < end; payload = stop + 1) {
    stop = memchr(payload, 0x1e, (size_t)(end - payload));
    if (stop == NULL) {
      add_to_record(connection, payload, (size_t)(end - payload));
      break;
    }
    if (connection->record_length == 0) {
      handle_record(connection, payload, (size_t)(stop - payload));
    } else {
      add_to_record(connection, payload, (size_t)(stop - payload));
      handle_record(connection, connection->record, connection->record_length);
      connection->record_length = 0;
    }
  }
  if (more || connection->record_length == 0) return;
  violation(connection, "a record without its end", connection->record, connection->record_length);
  connection->record_length = 0;
}

// A view comes whole each time; the first one answers its subscription.
static void handle_graphql(struct connection *connection, char *payload, size_t length) {
  int64_t id;
  if (memmem(payload, length, "\"type\":\"next\"", 13) == NULL) {
    if (counting) tally.others++;
    if (!starts(payload, length, "{\"type\":\"connection_ack\"") && server_errors++ == 0)
      fprintf(stderr, "the server said %.*s\n", (int)(length < 300 ? length : 300), payload);
  } else if (!number_after(payload, length, "\"id\":\"", &id) || id >= options.subscriptions) {
    violation(connection, "a result of no operation", payload, length);
  } else if (connection->versions[id] < 0) {
    answered++;
    connection->versions[id] = 0;
    if (counting) tally.snapshots++;
    if (options.check) check_view(connection, payload, length, false);
  } else {
    if (counting) count_delivery(connection, payload, length);
    if (options.check) check_view(connection, payload, length, false);
  }
}

void handle_payload(struct connection *connection, char *payload, size_t length, bool more) {
  if (options.protocol == SIGNALR)
    handle_signalr(connection, payload, length, more);
  else if (options.protocol == GRAPHQL)
    handle_graphql(connection, payload, length);
  else
    handle_akkafeeds(connection, payload, length);
}

void send_begin(struct connection *connection) {
  const char *text = options.protocol == SIGNALR ? "{\"type\":1,\"target\":\"Begin\",\"arguments\":[]}\x1e"
                                                 : "{\"op\":\"begin\"}";
  send_text(connection, text, strlen(text));
}

void send_subscriptions(struct connection *connection) {
  char text[400];
  int size;
  if (options.protocol == SIGNALR)
    send_text(connection, "{\"protocol\":\"json\",\"version\":1}\x1e", 32);
  else if (options.protocol == GRAPHQL)
    send_text(connection, "{\"type\":\"connection_init\"}", 26);
  else if (options.marks)
    send_text(connection, "{\"op\":\"hello\",\"marks\":true}", 27);
  for (int subscription = 0; subscription < options.subscriptions; subscription++) {
    int key = key_of(connection->index, subscription);
    if (options.protocol == SIGNALR)
      size = snprintf(text, sizeof text,
                      "{\"type\":1,\"invocationId\":\"%d\",\"target\":\"Subscribe\",\"arguments\":[\"k%d\"]}\x1e",
                      subscription, key);
    else if (options.protocol == GRAPHQL)
      size = snprintf(text, sizeof text,
                      "{\"id\":\"%d\",\"type\":\"subscribe\",\"payload\":{\"query\":\"subscription{%s(key:\\\"k%d\\\")"
                      "{key version state data{n sent delay worst meanDelay}}}\"}}",
                      subscription, options.feed, key);
    else
      size = storming ? write_resume(connection, subscription, text, sizeof text)
        : snprintf(text, sizeof text, "{\"op\":\"subscribe\",\"feed\":\"%s\",\"key\":\"k%d\"}", options.feed, key);
    send_text(connection, text, (size_t)size);
  }
}
