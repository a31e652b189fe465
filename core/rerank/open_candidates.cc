#include "core/rerank/open_candidates.h"

#include <algorithm>

namespace marquee {

void OpenCandidates::Begin(std::span<const Candidate> candidates) {
  Forget();
  candidates_ = candidates;
  for (Open& open : open_) {
    open.applied = 0;
    open.bits.assign(BitmapWords(candidates.size()), 0);
    for (uint32_t i = 0; i < candidates.size(); ++i) SetBit(open.bits, i);
  }
}

// The attributes of the last list may not exist any more. Its codes are undone
// one by one, because an attribute may have 100,000 values.
void OpenCandidates::Forget() {
  for (size_t i = 0; i < attributes_; ++i) {
    ByValue& values = by_value_[i];
    for (const uint32_t code : values.codes) values.set_of[code] = 0;
    values.codes.clear();
    values.sets.clear();
  }
  attributes_ = 0;
}

void OpenCandidates::Take(size_t i) {
  for (Open& open : open_) ClearBit(open.bits, static_cast<uint32_t>(i));
}

BitmapView OpenCandidates::At(const CapCounter& caps, CapMode mode) {
  Open& open = open_[static_cast<size_t>(mode)];
  const std::span<const ClosedValue> closed = caps.closed();
  for (; open.applied < closed.size(); ++open.applied) {
    const ClosedValue& value = closed[open.applied];
    if (Holds(*value.rule, mode)) Remove(value, open.bits);
  }
  here_.assign(open.bits.begin(), open.bits.end());
  for (const ClosedValue& value : caps.closed_here()) {
    if (Holds(*value.rule, mode)) Remove(value, here_);
  }
  return here_;
}

void OpenCandidates::Remove(const ClosedValue& value, MutableBitmap bits) {
  const ByValue& values = Of(*value.rule->attribute);
  const uint32_t set = values.set_of[value.code];
  if (set == 0) return;
  const uint64_t* const having = &values.sets[(set - 1) * bits.size()];
  for (size_t i = 0; i < bits.size(); ++i) bits[i] &= ~having[i];
}

const OpenCandidates::ByValue& OpenCandidates::Of(const Attribute& attribute) {
  for (size_t i = 0; i < attributes_; ++i) {
    if (by_value_[i].attribute == &attribute) return by_value_[i];
  }
  if (attributes_ == by_value_.size()) by_value_.emplace_back();
  ByValue& made = by_value_[attributes_++];
  Fill(attribute, made);
  return made;
}

void OpenCandidates::Fill(const Attribute& attribute, ByValue& out) const {
  const size_t words = BitmapWords(candidates_.size());
  out.attribute = &attribute;
  out.set_of.resize(std::max(out.set_of.size(), attribute.values()), 0);
  for (uint32_t i = 0; i < candidates_.size(); ++i) {
    for (const uint32_t code : attribute.Codes(candidates_[i].row)) {
      uint32_t& set = out.set_of[code];
      if (set == 0) {
        out.codes.push_back(code);
        out.sets.resize(out.codes.size() * words, 0);
        set = static_cast<uint32_t>(out.codes.size());
      }
      SetBit(MutableBitmap(&out.sets[(set - 1) * words], words), i);
    }
  }
}

}  // namespace marquee
