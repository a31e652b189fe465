#include "core/acceptance/availability_report.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "core/catalog/bitmap.h"
#include "core/snapshot/version_ledger.h"

namespace marquee {
namespace {

// The number of each kind in full, for people; the rest are counted.
constexpr size_t kTold = 5;

std::string Text(CalendarSecond moment) {
  return MomentText(absl::FromUnixSeconds(moment));
}

void AddTold(const std::vector<const Availability*>& of, size_t told,
             auto describe, std::vector<std::string>& out) {
  for (size_t i = 0; i < std::min(of.size(), told); ++i) {
    out.push_back(describe(*of[i]));
  }
  if (of.size() > told) {
    out.push_back(
        absl::StrCat("and ", of.size() - told, " other kinds of users"));
  }
}

std::string When(const Availability& kind) {
  std::string when = kind.now == kind.least
                         ? "now"
                         : absl::StrCat("from ", Text(kind.least_from));
  if (kind.least_until) {
    absl::StrAppend(&when, " until ", Text(*kind.least_until));
  } else if (kind.now != kind.least) {
    absl::StrAppend(&when, " on");
  }
  return when;
}

size_t Median(std::vector<size_t> counts) {
  if (counts.empty()) return 0;
  const auto middle =
      counts.begin() + static_cast<ptrdiff_t>((counts.size() - 1) / 2);
  std::nth_element(counts.begin(), middle, counts.end());
  return *middle;
}

}  // namespace

std::string WhyNothing(const Snapshot& snapshot, const UserKind& kind,
                       CalendarSecond moment) {
  const LicenceCalendar& licences = snapshot.licences();
  const CountryIndex country = licences.FindCountry(kind.country);
  std::vector<uint64_t> open(BitmapWords(snapshot.catalog().size()));
  for (uint32_t row = 0; row < snapshot.catalog().size(); ++row) {
    if (licences.IsOpen(ItemRow{row}, country, moment)) SetBit(open, row);
  }
  const size_t licensed = CountBits(open);
  size_t unrated = 0;
  ForEachBit(open, [&](size_t row) {
    const ItemRow item{static_cast<uint32_t>(row)};
    unrated += snapshot.catalog().IsRated(item) ? 0 : 1;
  });
  if (licensed == 0) return "no item is licensed there then";
  AndInto(open, snapshot.catalog().WithinMaturity(kind.maturity_limit));
  const size_t mature = CountBits(open);
  if (mature == 0) {
    return absl::StrCat(
        "none of the ", licensed, " licensed items is for that age",
        unrated == 0 ? "" : absl::StrCat("; ", unrated, " have no age rating"));
  }
  std::vector<const BlockRule*> blocks;
  for (const BlockRule& block : snapshot.policy().blocks) {
    if (block.IsActive(kind.At(moment))) blocks.push_back(&block);
  }
  const auto hide_all = [&](const BlockRule* without) {
    std::vector<uint64_t> left = open;
    for (const BlockRule* const block : blocks) {
      if (block != without) AndInto(left, block->shown);
    }
    return CountBits(left) == 0;
  };
  // Drops each block without which the others still hide everything. None of
  // those that are left can be spared.
  for (size_t i = 0; i < blocks.size();) {
    if (hide_all(blocks[i])) {
      blocks.erase(blocks.begin() + static_cast<ptrdiff_t>(i));
    } else {
      ++i;
    }
  }
  const auto name = [](std::string* out, const BlockRule* block) {
    absl::StrAppend(out, "'", block->name, "' (line ", block->line, ")");
  };
  return absl::StrCat(blocks.size() == 1 ? "block " : "blocks ",
                      absl::StrJoin(blocks, " and ", name),
                      blocks.size() == 1 ? " hides" : " together hide", " all ",
                      mature, " that are licensed and for that age");
}

std::string TellLess(size_t median, uint64_t version_before, size_t before) {
  return absl::StrCat("can show ", median,
                      " items in the median of countries and age limits, "
                      "version ",
                      version_before, " shows ", before, ": less than half");
}

AvailabilityReport JudgeAvailability(const Snapshot& snapshot,
                                     const std::vector<Availability>& kinds) {
  AvailabilityReport report{.all_empty_now = true};
  std::vector<size_t> plain;
  std::vector<const Availability*> empty, few, unexpected;
  for (const Availability& kind : kinds) {
    if (kind.kind.expected && kind.now > 0) report.all_empty_now = false;
    if (kind.kind.expected && kind.kind.is_plain()) plain.push_back(kind.now);
    if (kind.least == 0) {
      (kind.kind.expected ? empty : unexpected).push_back(&kind);
    } else if (kind.least < kFullList && kind.kind.expected) {
      few.push_back(&kind);
    }
  }
  report.median_now = Median(std::move(plain));
  const auto tell_empty = [&](const Availability& kind) {
    return absl::StrCat("no user ", Describe(kind.kind),
                        " can be shown anything ", When(kind), ": ",
                        WhyNothing(snapshot, kind.kind, kind.least_from));
  };
  AddTold(empty, kTold, tell_empty, report.empty);
  AddTold(unexpected, 1, tell_empty, report.empty_unexpected);
  if (const size_t left_out = ContextsLeftOut(snapshot.policy())) {
    report.left_out.push_back(absl::StrCat(
        left_out,
        " combinations of the devices, languages and scenes that blocks tell "
        "apart were not checked"));
  }
  AddTold(
      few, kTold,
      [](const Availability& kind) {
        return absl::StrCat("users ", Describe(kind.kind),
                            " can be shown no more than ", kind.least, " of ",
                            kFullList, " items ", When(kind));
      },
      report.few);
  return report;
}

}  // namespace marquee
