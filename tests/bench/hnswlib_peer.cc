#include "tests/bench/hnswlib_peer.h"

#include <hnswlib/hnswlib.h>

#include <atomic>
#include <thread>
#include <vector>

struct HnswlibPeer {
  HnswlibPeer(size_t dimension, size_t rows, size_t links, size_t build_width)
      : space(dimension), index(&space, rows, links, build_width) {}
  hnswlib::InnerProductSpace space;
  hnswlib::HierarchicalNSW<float> index;
};

#define MARQUEE_EXPORT __attribute__((visibility("default")))

MARQUEE_EXPORT HnswlibPeer* HnswlibPeerBuild(const float* values, size_t rows,
                                             size_t dimension, size_t links,
                                             size_t build_width,
                                             size_t threads) {
  auto* const peer = new HnswlibPeer(dimension, rows, links, build_width);
  std::atomic<size_t> next = 0;
  const auto work = [&] {
    for (size_t i; (i = next.fetch_add(1)) < rows;) {
      peer->index.addPoint(values + i * dimension, i);
    }
  };
  std::vector<std::thread> others;
  for (size_t t = 1; t < threads; ++t) others.emplace_back(work);
  work();
  for (std::thread& other : others) other.join();
  return peer;
}

MARQUEE_EXPORT void HnswlibPeerFree(HnswlibPeer* peer) { delete peer; }

MARQUEE_EXPORT size_t HnswlibPeerBytes(const HnswlibPeer* peer) {
  return peer->index.max_elements_ * peer->index.size_data_per_element_;
}

MARQUEE_EXPORT void HnswlibPeerSetWidth(HnswlibPeer* peer, size_t width) {
  peer->index.setEf(width);
}

MARQUEE_EXPORT size_t HnswlibPeerSearch(const HnswlibPeer* peer,
                                        const float* query, size_t k,
                                        uint32_t* rows) {
  auto found = peer->index.searchKnn(query, k);
  const size_t count = found.size();
  for (size_t i = count; i-- > 0; found.pop()) {
    rows[i] = static_cast<uint32_t>(found.top().second);
  }
  return count;
}
