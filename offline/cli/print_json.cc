#include "offline/cli/print_json.h"

#include <cstdio>

namespace marquee {

std::string FormatJson(const nlohmann::ordered_json& value) {
  return value.dump(2, ' ', /*ensure_ascii=*/false,
                    nlohmann::ordered_json::error_handler_t::replace) +
         "\n";
}

void PrintJson(const nlohmann::ordered_json& value) {
  std::fputs(FormatJson(value).c_str(), stdout);
}

}  // namespace marquee
