#include "offline/train/als_vectors.h"

#include <memory>
#include <span>

#include "absl/algorithm/container.h"
#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "core/base/clock.h"
#include "core/base/status_macros.h"
#include "core/files/output_directory.h"
#include "core/files/output_file.h"
#include "offline/data/interaction_set.h"
#include "offline/data/seen_json.h"
#include "offline/data/vector_probe.h"
#include "offline/formats/progress.h"
#include "offline/formats/timestamp.h"
#include "offline/train/embeddings.h"
#include "offline/train/sparse_rows.h"

namespace marquee {
namespace {

nlohmann::ordered_json Parameters(const TrainAlsCall& options,
                                  const InteractionSet& set, uint64_t pairs) {
  nlohmann::ordered_json result = {
      {"model", "als"},
      {"factors", options.als.factors},
      {"iterations", options.als.iterations},
      {"regularization", options.als.regularization},
      {"alpha", options.als.alpha},
      {"seed", options.als.seed},
      {"events", options.events},
      {"until", nullptr},
      {"users", set.users.size()},
      {"items", set.items.size()},
      {"rows_read", set.rows_read},
      {"rows_used", set.size()},
      {"pairs", pairs},
      {"seen", SeenAsJson(set.seen)}};
  if (!options.until.empty()) result["until"] = options.until;
  return result;
}

nlohmann::ordered_json Probe(const IdDictionary& ids,
                             std::span<const float> vectors, size_t dim) {
  return ProbeAsJson(ProbeVectors(
      DigestOfIds(ids), ids.size(), dim, [&](size_t row, std::span<float> out) {
        absl::c_copy(vectors.subspan(row * dim, dim), out.begin());
      }));
}

absl::StatusOr<AlsModel> Train(const TrainAlsCall& options,
                               const SparseRows& user_items) {
  const uint64_t total = static_cast<uint64_t>(options.als.iterations) *
                         (user_items.rows() + user_items.columns_count);
  Progress progress(
      absl::StrCat("als, ", options.als.iterations, " iterations"), total,
      "rows");
  return TrainAls(user_items, options.als,
                  [&](uint64_t rows, uint64_t) { progress.Update(rows); });
}

absl::StatusOr<InteractionFilter> FilterOf(const TrainAlsCall& options) {
  InteractionFilter filter;
  filter.events.names = options.events;
  if (!options.until.empty()) {
    MARQUEE_ASSIGN_OR_RETURN(filter.until,
                             ParseTimestamp("--until", options.until));
  }
  return filter;
}

}  // namespace

absl::StatusOr<TrainedAls> TrainAlsVectors(const TrainAlsCall& call) {
  MARQUEE_RETURN_IF_ERROR(CheckAlsOptions(call.als));
  MARQUEE_ASSIGN_OR_RETURN(const InteractionFilter filter, FilterOf(call));
  // Outputs are checked before the long work, not after it.
  MARQUEE_ASSIGN_OR_RETURN(const auto directory,
                           OutputDirectory::Create(call.out));
  MARQUEE_RETURN_IF_ERROR(CheckCanCreate(absl::StrCat(call.out, "/als.json")));
  MARQUEE_ASSIGN_OR_RETURN(const InteractionSet set,
                           LoadInteractions(call.interactions, filter));
  const SparseRows user_items = SparseFromPairs(
      set.user, set.item, set.weight, set.users.size(), set.items.size());
  const SteadyTime start = Clock::Real().Steady();
  MARQUEE_ASSIGN_OR_RETURN(const AlsModel model, Train(call, user_items));
  TrainedAls trained{
      .remarks = set.remarks,
      .used = set.size(),
      .rows_read = set.rows_read,
      .pairs = user_items.columns.size(),
      .users = set.users.size(),
      .items = set.items.size(),
      .losses = model.losses,
      .seconds = absl::ToDoubleSeconds(Clock::Real().Steady() - start)};
  trained.parameters = Parameters(call, set, trained.pairs);
  if (!model.losses.empty()) trained.parameters["losses"] = model.losses;
  // The probes are for ReadEmbeddings, not for the terminal.
  nlohmann::ordered_json file = trained.parameters;
  file["user_vectors"] = Probe(set.users, model.users, model.factors);
  file["item_vectors"] = Probe(set.items, model.items, model.factors);
  MARQUEE_RETURN_IF_ERROR(WriteEmbeddings(
      call.out, {model.factors, set.users, set.items, model.users, model.items},
      "als.json",
      file.dump(2, ' ', /*ensure_ascii=*/false,
                nlohmann::ordered_json::error_handler_t::replace) +
          "\n"));
  return trained;
}

}  // namespace marquee
