// Computes the section `related_items`: for each item, the items that the same
// users liked.
//
// Two items are related by the users who like both. A user counts for each of
// their pairs less the more items they like, 1 / sqrt(items), since one who
// likes everything says nothing. The relatedness of items i and j is the cosine
//
//   c(i, j) / sqrt((c(i) + kShrink) · (c(j) + kShrink))
//
// of these sums, in which kShrink keeps items of few users from being related
// by chance.
#ifndef MARQUEE_OFFLINE_BUILD_RELATED_ROWS_H_
#define MARQUEE_OFFLINE_BUILD_RELATED_ROWS_H_

#include <cstddef>

#include "absl/status/status.h"
#include "core/files/array_file.h"
#include "offline/build/user_rows.h"

namespace marquee {

// Each user counts with the latest kLatestLikes liked items, so that the
// longest histories do not take most of the time. The result does not depend on
// the number of threads.
inline constexpr size_t kLatestLikes = 100;
void WriteRelatedItems(const UserRows& users, size_t items, size_t threads,
                       ArrayFileWriter& out);

}  // namespace marquee

#endif  // MARQUEE_OFFLINE_BUILD_RELATED_ROWS_H_
