// A service of a few items, written down by a test and built into a snapshot
// as `marquee build` does.
#ifndef MARQUEE_TESTS_PIPELINE_SMALL_WORLD_H_
#define MARQUEE_TESTS_PIPELINE_SMALL_WORLD_H_

#include <filesystem>
#include <fstream>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "core/base/status_macros.h"
#include "core/catalog/records.h"
#include "core/snapshot/snapshot.h"
#include "gtest/gtest.h"
#include "offline/build/snapshot_builder.h"
#include "offline/data/record_json.h"
#include "offline/formats/npy.h"

namespace marquee {

// 2026-06-01.
inline constexpr int64_t kSmallNow = 1780272000;

struct SmallWorld {
  std::vector<ItemRecord> items;
  std::vector<UserRecord> users;
  std::vector<Interaction> interactions;
  // By id; all of one length.
  std::vector<std::pair<std::string, std::vector<float>>> item_vectors;
  std::vector<std::pair<std::string, std::vector<float>>> user_vectors;
  std::optional<AlsParameters> als;
  std::string policy;  // protobuf text; empty: none
  // Candidates come from the user's vector alone, so that a test of another
  // stage knows them. Without a vector, or if false: as by default.
  bool only_personal = true;
  std::string ranker;  // text of a model; empty: none
  size_t golden_requests = 0;

  void AddItem(const std::string& id, std::vector<float> vector,
               const std::string& franchise = "") {
    ItemRecord item;
    item.id = id;
    item.title = "Title " + id;
    item.maturity = 0;
    if (!franchise.empty()) item.attributes["franchise"] = {franchise};
    items.push_back(std::move(item));
    if (!vector.empty()) item_vectors.emplace_back(id, std::move(vector));
  }
  void AddUser(const std::string& id, std::vector<float> vector) {
    UserRecord user;
    user.id = id;
    users.push_back(std::move(user));
    if (!vector.empty()) user_vectors.emplace_back(id, std::move(vector));
  }
  // `count` users of the country watch the item.
  void AddWatches(const std::string& item, int count,
                  const std::string& country = "") {
    for (int i = 0; i < count; ++i) {
      UserRecord user;
      user.id = absl::StrCat("crowd", users.size());
      user.country = country;
      interactions.push_back({user.id, item, 1, "play", 1});
      users.push_back(std::move(user));
    }
  }

  // Writes what `marquee build` reads; `policy` and `model` too.
  void Write(const std::string& directory) const {
    std::filesystem::create_directories(directory);
    std::ofstream items_out(directory + "/items.jsonl");
    for (const ItemRecord& item : items)
      items_out << *JsonFromItem(item) << "\n";
    std::ofstream users_out(directory + "/users.jsonl");
    for (const UserRecord& user : users)
      users_out << *JsonFromUser(user) << "\n";
    std::ofstream rows(directory + "/interactions.csv");
    rows << "user_id,item_id,timestamp,event,weight\n";
    for (const Interaction& i : interactions) {
      rows << i.user_id << "," << i.item_id << "," << i.timestamp << ","
           << i.event << "," << i.weight << "\n";
    }
    WriteVectors(directory + "/user_embeddings.npy", directory + "/users.txt",
                 user_vectors);
    WriteVectors(directory + "/item_embeddings.npy", directory + "/items.txt",
                 item_vectors);
    if (als) {
      std::ofstream(directory + "/als.json")
          << absl::StrCat("{\"alpha\": ", als->alpha,
                          ", \"regularization\": ", als->regularization, "}");
    }
    if (!Policy().empty()) std::ofstream(directory + "/policy") << Policy();
    if (!ranker.empty()) std::ofstream(directory + "/model") << ranker;
  }

  BuildOptions OptionsFor(const std::string& directory) const {
    return {.data = directory,
            .embeddings = directory,
            .ranker = ranker.empty() ? "" : directory + "/model",
            .policy = Policy().empty() ? "" : directory + "/policy",
            .snapshots = directory + "/snapshots",
            .now = absl::FromUnixSeconds(kSmallNow),
            .golden_requests = golden_requests,
            // So few items leave many kinds of users without any.
            .allow_empty = true};
  }

  // Writes and builds; a fault of the test's own data ends it.
  std::unique_ptr<const Snapshot> Build(const std::string& directory) const {
    Write(directory);
    const auto built = BuildSnapshot(OptionsFor(directory));
    EXPECT_TRUE(built.ok()) << built.status();
    auto snapshot = Snapshot::Load(built->path);
    EXPECT_TRUE(snapshot.ok()) << snapshot.status();
    return *std::move(snapshot);
  }

 private:
  // The rule of sources is last: it moves no line of the test's own.
  std::string Policy() const {
    if (!only_personal) return policy;
    return policy +
           "\nsources { name: 'personal alone' source: 'personal' weight: 1 "
           "}\n";
  }
  void WriteVectors(
      const std::string& matrix, const std::string& ids,
      const std::vector<std::pair<std::string, std::vector<float>>>& vectors)
      const {
    std::ofstream names(ids);
    auto out = *NpyWriter::Create(
        matrix, item_vectors.empty() ? 1 : item_vectors.front().second.size(),
        NpyType::kFloat32);
    for (const auto& [id, vector] : vectors) {
      names << id << "\n";
      out->Append(vector);
    }
    EXPECT_TRUE(PublishAll({out->Finish()}).ok());
  }
};

}  // namespace marquee

#endif  // MARQUEE_TESTS_PIPELINE_SMALL_WORLD_H_
