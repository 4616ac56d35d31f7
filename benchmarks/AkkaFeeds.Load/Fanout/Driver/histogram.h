// Counts of durations in microseconds, in buckets of a relative width of 1/64: enough for every percentile told.
#ifndef HISTOGRAM_H
#define HISTOGRAM_H

#include <stdint.h>
#include <stdio.h>

enum { SUB_BITS = 6, SUB_COUNT = 1 << SUB_BITS, BUCKET_COUNT = (64 - SUB_BITS) * SUB_COUNT };

struct histogram {
  uint64_t counts[BUCKET_COUNT];
  uint64_t count;
  uint64_t max;
  double sum;
};

static inline int bucket_of(uint64_t value) {
  if (value < SUB_COUNT) return (int)value;
  int shift = 63 - __builtin_clzll(value) - SUB_BITS;
  return (shift + 1) * SUB_COUNT + (int)((value >> shift) - SUB_COUNT);
}

static inline uint64_t upper_end_of(int bucket) {
  if (bucket < SUB_COUNT) return (uint64_t)bucket;
  int shift = bucket / SUB_COUNT - 1;
  return (((uint64_t)(bucket % SUB_COUNT) + SUB_COUNT + 1) << shift) - 1;
}

static inline void histogram_add(struct histogram *all, int64_t microseconds) {
  uint64_t value = microseconds < 0 ? 0 : (uint64_t)microseconds;
  all->counts[bucket_of(value)]++;
  all->count++;
  all->sum += (double)value;
  if (value > all->max) all->max = value;
}

static inline double percentile(const struct histogram *all, double part) {
  uint64_t wanted = (uint64_t)(part * (double)all->count);
  uint64_t seen = 0;
  for (int bucket = 0; bucket < BUCKET_COUNT; bucket++) {
    seen += all->counts[bucket];
    if (seen > wanted) {
      uint64_t end = upper_end_of(bucket);
      return (double)(end < all->max ? end : all->max) / 1000.0;
    }
  }
  return (double)all->max / 1000.0;
}

// {"count":n,"mean":ms,"p50":ms,...}
static inline void histogram_print(FILE *out, const char *name, const struct histogram *all) {
  fprintf(out,
          "\"%s\":{\"count\":%llu,\"mean\":%.3f,\"p50\":%.3f,\"p90\":%.3f,\"p99\":%.3f,\"p999\":%.3f,\"max\":%.3f}",
          name, (unsigned long long)all->count, all->count == 0 ? 0 : all->sum / (double)all->count / 1000.0,
          percentile(all, 0.5), percentile(all, 0.9), percentile(all, 0.99), percentile(all, 0.999),
          (double)all->max / 1000.0);
}

#endif
