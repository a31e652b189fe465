// Where the tests find the repository and the programs of their build.
#ifndef MARQUEE_TESTS_PATHS_H_
#define MARQUEE_TESTS_PATHS_H_

#include <string>

namespace marquee {

// The root of the checkout.
std::string SourceDir();
// The folder of marquee, marquee-server and the tests.
std::string BinaryDir();

}  // namespace marquee

#endif  // MARQUEE_TESTS_PATHS_H_
