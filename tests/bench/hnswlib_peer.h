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
// Writes the rows found, best first; returns how many.
size_t HnswlibPeerSearch(HnswlibPeer* peer, const float* query, size_t k,
                         size_t width, uint32_t* rows);

}  // extern "C"

#endif  // MARQUEE_TESTS_BENCH_HNSWLIB_PEER_H_
