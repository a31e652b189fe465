// hnswlib as its users have it: float32 inner product, compiled for this
// machine, searched by its own searchKnn. In a library of its own whose other
// symbols are hidden: its templates must not merge with ours, which are
// compiled for any machine.
#ifndef MARQUEE_TESTS_BENCH_HNSWLIB_PEER_H_
#define MARQUEE_TESTS_BENCH_HNSWLIB_PEER_H_

#include <cstddef>
#include <cstdint>

extern "C" {

struct HnswlibPeer;

// values: [rows × dimension], which must outlive the peer.
HnswlibPeer* HnswlibPeerBuild(const float* values, size_t rows,
                              size_t dimension, size_t links,
                              size_t build_width, size_t threads);
void HnswlibPeerFree(HnswlibPeer* peer);
size_t HnswlibPeerBytes(const HnswlibPeer* peer);
// Of all searches from here on. Not while there are any.
void HnswlibPeerSetWidth(HnswlibPeer* peer, size_t width);
// Writes the rows found, best first; returns how many. Thread-safe.
size_t HnswlibPeerSearch(const HnswlibPeer* peer, const float* query, size_t k,
                         uint32_t* rows);

}  // extern "C"

#endif  // MARQUEE_TESTS_BENCH_HNSWLIB_PEER_H_
