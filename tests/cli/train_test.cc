// Runs `marquee train` as a user does, from a shell.
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <regex>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/str_split.h"
#include "absl/time/civil_time.h"
#include "absl/time/time.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "nlohmann/json.hpp"
#include "tests/cli/run.h"

namespace marquee {
namespace {

namespace fs = std::filesystem;

using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::StartsWith;

std::string Als(const std::string& data, const std::string& out) {
  return absl::StrCat("train als --factors 4 --iterations 2 --interactions ",
                      data, "/interactions.csv --out ", out);
}

// The data do not exist: what is said of --out comes before they are read.
TEST(TrainRankerCommand, LooksAtItsOutputFirst) {
  const std::string call =
      "train ranker --data nowhere --embeddings nowhere --label-from "
      "2026-05-01 --out ";
  const std::string directory = FreshPath("directory");
  fs::create_directories(directory);
  const Result in_the_way = Marquee(call + directory);
  EXPECT_EQ(in_the_way.exit_code, 1);
  EXPECT_THAT(in_the_way.output, HasSubstr(directory + ": is a directory"));
  EXPECT_FALSE(fs::exists(directory + ".tmp"));
  const std::string missing = ScratchPath("missing/ranker.json");
  const Result nowhere = Marquee(call + missing);
  EXPECT_EQ(nowhere.exit_code, 1);
  EXPECT_THAT(nowhere.output, HasSubstr(missing));
  EXPECT_THAT(nowhere.output, HasSubstr("can not be created"));
  const std::string good = FreshPath("ranker.json");
  const Result no_data = Marquee(call + good);
  EXPECT_EQ(no_data.exit_code, 1);
  EXPECT_THAT(no_data.output, HasSubstr("nowhere/interactions.csv"));
  EXPECT_FALSE(fs::exists(good + ".tmp"));
}

TEST(TrainRankerCommand, ADamagedAlsFileIsNotAnAbsentOne) {
  const std::string data = SmallService();
  std::ofstream(data + "/als.json") << "{\"until\": \"2026-";
  const Result result = Marquee(absl::StrCat(
      "train ranker --data ", data, " --embeddings ", data,
      " --label-from 2026-05-01 --out ", ScratchPath("ranker.json")));
  EXPECT_EQ(result.exit_code, 1);
  EXPECT_THAT(result.output, HasSubstr(data + "/als.json: is damaged"));
}

// A service that has trained a ranker.
class TrainedRanker : public ::testing::Test {
 protected:
  void SetUp() override {
    ASSERT_EQ(
        Marquee("synth --users 400 --items 100 --now 2026-11-25 --out " + data_)
            .exit_code,
        0);
    ASSERT_EQ(Marquee(Als(data_, before_) + " --until 2026-10-25").exit_code,
              0);
    const Result trained = Marquee(Train() + " --json", "2> /dev/null");
    ASSERT_EQ(trained.exit_code, 0) << trained.output;
    summary_ = nlohmann::json::parse(trained.output);
  }

  std::string Train() const {
    return absl::StrCat("train ranker --data ", data_, " --embeddings ",
                        before_, " --candidates 50 --rounds 3 --max-users 50",
                        " --allow-worse --out ", model_, " --rows ", rows_);
  }

  const std::string data_ = FreshPath("data");
  const std::string before_ = FreshPath("before");
  const std::string model_ = FreshPath("ranker.json");
  const std::string rows_ = FreshPath("rows.csv");
  nlohmann::json summary_;
};

// Other trainers learn from the same rows.
TEST_F(TrainedRanker, HasWrittenTheRowsThatItLearntFrom) {
  std::ifstream file(rows_);
  std::string line;
  std::getline(file, line);
  const std::vector<std::string> header = absl::StrSplit(line, ',');
  EXPECT_EQ(header.size(), 4 + summary_["features"].get<size_t>());
  EXPECT_THAT(std::vector(header.begin(), header.begin() + 5),
              ElementsAre("user_id", "item_id", "query_id", "label",
                          "item.log_watches"));
  size_t groups = 0;
  size_t liked = 0;
  size_t count = 0;
  std::string group, user;
  for (; std::getline(file, line); ++count) {
    const std::vector<std::string> cells = absl::StrSplit(line, ',');
    ASSERT_EQ(cells.size(), header.size()) << line;
    groups += cells[2] != group;
    // One user each.
    EXPECT_EQ(cells[2] != group, cells[0] != user);
    group = cells[2];
    user = cells[0];
    EXPECT_THAT(cells[1], StartsWith("t"));
    liked += cells[3] == "1";
  }
  EXPECT_EQ(groups, summary_["users"].get<size_t>());
  EXPECT_EQ(count, summary_["rows"].get<size_t>());
  EXPECT_EQ(liked, summary_["likes_retrieved"].get<size_t>());
  const Result scored =
      Marquee(absl::StrCat("score --model ", model_, " --input ", rows_),
              "2>&1 | wc -l");
  EXPECT_EQ(scored.output, absl::StrCat(count, "\n"));
}

// Few users and one deep tree: most seeds learn the users by heart.
TEST_F(TrainedRanker, ThatIsWorseThanRetrievalIsNotWritten) {
  int refused = 0;
  for (int seed = 1; seed <= 4; ++seed) {
    const std::string out = FreshPath("worse.json");
    const std::string call = absl::StrCat(
        "train ranker --data ", data_, " --embeddings ", before_,
        " --candidates 50 --rounds 1 --leaves 64 --min-leaf-weight 0 "
        "--learning-rate 1 --max-users 20 --threads 1 --out ",
        out, " --seed ", seed);
    const Result plain = Marquee(call);
    EXPECT_EQ(fs::exists(out), plain.exit_code == 0);
    const auto told = nlohmann::json::parse(
        Marquee(call + " --allow-worse --json", "2> /dev/null").output);
    EXPECT_TRUE(fs::exists(out));
    const bool worse = told["held_out_ndcg_10"].get<double>() <
                       told["held_out_retrieval_ndcg_10"].get<double>();
    EXPECT_EQ(plain.exit_code, worse ? 1 : 0) << plain.output;
    if (!worse) continue;
    ++refused;
    EXPECT_THAT(plain.output, HasSubstr("lower than retrieval does: NDCG@10"));
    EXPECT_THAT(plain.output, HasSubstr("--allow-worse"));
  }
  EXPECT_GT(refused, 0);
}

TEST_F(TrainedRanker, IsExplainedInASnapshot) {
  const std::string snapshots = FreshPath("snapshots");
  ASSERT_EQ(
      Marquee(absl::StrCat("build --data ", data_, " --embeddings ", before_,
                           " --ranker ", model_, " --out ", snapshots))
          .exit_code,
      0);
  const auto ranker = nlohmann::json::parse(
      Marquee("inspect --json " + snapshots).output)["ranker"];
  EXPECT_EQ(ranker["trees"], summary_["trees"]);
  EXPECT_THAT(ranker["trainer"].get<std::string>(), StartsWith("XGBoost "));
  const auto answer = nlohmann::json::parse(
      Marquee("recommend --user u1 --explain --json --snapshot " + snapshots)
          .output);
  EXPECT_EQ(answer["stages"].size(), 5);
  EXPECT_EQ(answer["items"][0]["ranking"]["features"].size(),
            summary_["features"].get<size_t>());
  const auto features = nlohmann::json::parse(
      Marquee("inspect --json --features " + snapshots).output);
  for (const auto& feature : features) {
    EXPECT_NE(feature.value("meaning", ""), "") << feature;
  }
}

TEST_F(TrainedRanker, IsRefusedBesideVectorsThatWereMadeInAnotherWay) {
  const std::string wider = FreshPath("wider");
  ASSERT_EQ(Marquee(absl::StrReplaceAll(Als(data_, wider),
                                        {{"--factors 4", "--factors 5"}}))
                .exit_code,
            0);
  const std::string snapshots = FreshPath("snapshots");
  const std::string build =
      absl::StrCat("build --data ", data_, " --out ", snapshots, " --ranker ",
                   model_, " --embeddings ");
  const Result refused = Marquee(build + wider);
  EXPECT_EQ(refused.exit_code, 1);
  EXPECT_THAT(
      refused.output,
      AllOf(HasSubstr(model_ + ": was trained on other vectors than those of " +
                      wider + ": 'als factors=4 "),
            HasSubstr("', not 'als factors=5 "),
            HasSubstr("--allow-other-vectors")));
  const Result insisted = Marquee(build + wider + " --allow-other-vectors");
  EXPECT_EQ(insisted.exit_code, 0) << insisted.output;
  EXPECT_THAT(insisted.output, HasSubstr("trees, of als factors=4 "));
  // A version remembers how its vectors were made.
  const std::string derive =
      absl::StrCat("build --from ", snapshots, " --ranker ", model_);
  EXPECT_THAT(Marquee(derive).output, HasSubstr("other vectors than those"));
  EXPECT_EQ(Marquee(derive + " --allow-other-vectors").exit_code, 0);
  // Vectors that are trained again, on more, are the same kind.
  const std::string later = FreshPath("later");
  ASSERT_EQ(Marquee(Als(data_, later)).exit_code, 0);
  EXPECT_EQ(Marquee(build + later).exit_code, 0);
  EXPECT_EQ(Marquee(derive).exit_code, 0);
}

TEST_F(TrainedRanker, OfVectorsThatDoNotSayHowTheyWereMadeIsWarnedOf) {
  const std::string own = FreshPath("own");
  fs::copy(before_, own);
  fs::remove(own + "/als.json");
  const std::string snapshots = FreshPath("snapshots");
  const std::string build =
      absl::StrCat("build --data ", data_, " --out ", snapshots,
                   " --embeddings ", own, " --allow-other-vectors");
  EXPECT_THAT(Marquee(build).output, Not(HasSubstr("recipe.txt")));
  const std::string with_ranker = build + " --ranker " + model_;
  EXPECT_THAT(Marquee(with_ranker).output,
              HasSubstr("does not say how its vectors were made, in one line "
                        "of recipe.txt"));
  std::ofstream(own + "/recipe.txt") << "\xef\xbb\xbfmine\n";
  EXPECT_THAT(Marquee(with_ranker).output, Not(HasSubstr("recipe.txt")));
  const auto inspected = nlohmann::json::parse(
      Marquee(with_ranker + " --json", "2> /dev/null").output);
  EXPECT_EQ(inspected["vectors"], "mine");
}

TEST_F(TrainedRanker, LearnsNothingFromVectorsThatKnowOtherInteractions) {
  const std::string more = FreshPath("more");
  ASSERT_EQ(Marquee(Als(data_, more)).exit_code, 0);
  const std::string train =
      absl::StrCat("train ranker --data ", data_,
                   " --label-from 2026-10-25 --candidates 50 "
                   "--rounds 1 --max-users 20 --allow-worse --out ",
                   model_, " --embeddings ");
  const Result leaking = Marquee(train + more);
  EXPECT_EQ(leaking.exit_code, 1);
  EXPECT_THAT(leaking.output,
              AllOf(HasSubstr("the vectors of " + more),
                    HasSubstr("may have seen the rows of the evaluation")));
  EXPECT_EQ(Marquee(train + more + " --allow-other-history").exit_code, 0);
  const std::string less = FreshPath("less");
  ASSERT_EQ(Marquee(Als(data_, less) + " --until 2026-10-01").exit_code, 0);
  EXPECT_THAT(Marquee(train + less).output,
              HasSubstr("they do not know all of it"));
  EXPECT_EQ(Marquee(train + before_).exit_code, 0);
}

// Vectors learn from plays, and the ranker from likes.
TEST_F(TrainedRanker, LearnsFromLabelsOfOtherEvents) {
  const std::string before = FreshPath("history");
  fs::create_directories(before);
  for (const char* const name : {"/items.jsonl", "/users.jsonl"}) {
    fs::copy_file(data_ + name, before + name);
  }
  const std::string labels = WriteScratch("labels.csv", "");
  std::ifstream all(data_ + "/interactions.csv");
  std::ofstream early(before + "/interactions.csv"), late(labels);
  std::string line;
  std::getline(all, line);
  for (std::ofstream* const part : {&early, &late}) *part << line << '\n';
  const int64_t moment = absl::ToUnixSeconds(
      absl::FromCivil(absl::CivilDay(2026, 10, 25), absl::UTCTimeZone()));
  while (std::getline(all, line)) {
    const std::vector<std::string> cells = absl::StrSplit(line, ',');
    const bool is_early = std::stoll(cells[2]) < moment;
    (is_early ? early : late)
        << absl::StrJoin({cells[0], cells[1], cells[2],
                          std::string(is_early ? "play" : "like"), cells[4]},
                         ",")
        << '\n';
  }
  early.close();
  late.close();
  const std::string vectors = FreshPath("vectors");
  ASSERT_EQ(Marquee(Als(before, vectors) + " --events play").exit_code, 0);
  const std::string train = absl::StrCat(
      "train ranker --candidates 50 --rounds 1 --max-users 20 --allow-worse "
      "--data ",
      before, " --embeddings ", vectors, " --labels ", labels, " --out ",
      model_);
  const Result implied = Marquee(train);
  EXPECT_EQ(implied.exit_code, 1);
  EXPECT_THAT(implied.output,
              HasSubstr(labels + ": no row has the event 'play', which the "
                                 "vectors learnt from; it has 'like': choose "
                                 "with --label-events"));
  EXPECT_EQ(Marquee(train + " --label-events like").exit_code, 0);
  const Result typo = Marquee(train + " --label-events like --events paly");
  EXPECT_EQ(typo.exit_code, 1);
  EXPECT_THAT(typo.output,
              HasSubstr(before + "/interactions.csv: no row has the event "
                                 "'paly'; it has 'play': choose with "
                                 "--events"));
}

// One option chooses the events of the history and of the labels in it.
TEST_F(TrainedRanker, IsToldOnceWhatTheEventsOfItsVectorsLeaveOut) {
  const std::string plays = FreshPath("plays");
  std::ofstream(data_ + "/interactions.csv", std::ios::app)
      << "u1,t1,2026-10-01,trailer,1\n";
  ASSERT_EQ(Marquee(Als(data_, plays) + " --until 2026-10-25 --events play")
                .exit_code,
            0);
  const std::string output =
      Marquee(absl::StrReplaceAll(Train(), {{before_, plays}})).output;
  const std::vector<std::string> told =
      absl::StrSplit(output, " rows are not signs of liking");
  EXPECT_EQ(told.size(), 2) << output;
}

// What stands in the data once is said once, and nothing of a snapshot that
// nobody is to be served.
TEST_F(TrainedRanker, IsToldOfItsDataOnce) {
  std::string unrated, line;
  std::ifstream items(data_ + "/items.jsonl");
  while (std::getline(items, line)) {
    unrated += std::regex_replace(line, std::regex("\"maturity\":[0-9]+,"), "");
    unrated += '\n';
  }
  std::ofstream(data_ + "/items.jsonl") << unrated;
  std::ofstream(data_ + "/users.jsonl") << "";
  std::ofstream(data_ + "/interactions.csv", std::ios::app)
      << "u1,t1,9999-12-31,play,1\n";
  const std::string output = Marquee(Train()).output;
  const std::vector<std::string> told =
      absl::StrSplit(output, " moments are later than now");
  EXPECT_EQ(told.size(), 2) << output;
  EXPECT_THAT(output, Not(HasSubstr("maturity")));
  EXPECT_THAT(output, Not(HasSubstr("country")));
}

TEST_F(TrainedRanker, DoesNotReplaceItsRows) {
  const Result same = Marquee(
      absl::StrReplaceAll(Train(), {{"--rows " + rows_, "--rows " + model_}}));
  EXPECT_EQ(same.exit_code, 2);
  fs::create_symlink(model_, FreshPath("link.csv"));
  const Result linked = Marquee(absl::StrReplaceAll(
      Train(), {{"--rows " + rows_, "--rows " + ScratchPath("link.csv")}}));
  EXPECT_EQ(linked.exit_code, 2);
  EXPECT_THAT(linked.output, HasSubstr("--rows and --out are one file"));
}

// Each row of a file that --rows wrote: the value of each column but query_id,
// by name, because columns of two files may be in another order.
std::vector<std::map<std::string, std::string>> RowsOf(
    const std::string& path) {
  std::ifstream file(path);
  std::string line;
  std::getline(file, line);
  const std::vector<std::string> header = absl::StrSplit(line, ',');
  std::vector<std::map<std::string, std::string>> rows;
  while (std::getline(file, line)) {
    const std::vector<std::string> cells = absl::StrSplit(line, ',');
    EXPECT_EQ(cells.size(), header.size());
    std::map<std::string, std::string>& row = rows.emplace_back();
    for (size_t i = 0; i < cells.size(); ++i) {
      if (header[i] != "query_id") row[header[i]] = cells[i];
    }
  }
  return rows;
}

// The rows of two moments are those of a training at each: first of one that
// knows only what was before the latest moment, then of the latest.
TEST_F(TrainedRanker, LearnsFromMomentsAsItWouldHaveLearntThen) {
  const auto latest = RowsOf(rows_);
  const std::string both = FreshPath("both.csv");
  const std::string train =
      absl::StrReplaceAll(Train(), {{"--rows " + rows_, "--rows " + both}});
  ASSERT_EQ(Marquee(train + " --moments 2 --every 14d").exit_code, 0);
  const auto of_both = RowsOf(both);

  const std::string then = FreshPath("then");
  fs::create_directories(then);
  for (const char* const name : {"/items.jsonl", "/users.jsonl"}) {
    fs::copy_file(data_ + name, then + name);
  }
  std::ifstream all(data_ + "/interactions.csv");
  std::ofstream early(then + "/interactions.csv");
  std::string line;
  std::getline(all, line);
  early << line << '\n';
  const int64_t moment = absl::ToUnixSeconds(
      absl::FromCivil(absl::CivilDay(2026, 10, 25), absl::UTCTimeZone()));
  while (std::getline(all, line)) {
    const std::vector<std::string> cells = absl::StrSplit(line, ',');
    if (std::stoll(cells[2]) < moment) early << line << '\n';
  }
  early.close();
  const std::string vectors = FreshPath("vectors");
  ASSERT_EQ(Marquee(Als(then, vectors) + " --until 2026-10-11").exit_code, 0);
  const std::string earlier = FreshPath("earlier.csv");
  const Result trained = Marquee(
      absl::StrReplaceAll(train, {{data_ + " ", then + " "},
                                  {before_ + " ", vectors + " "},
                                  {"--rows " + both, "--rows " + earlier}}));
  ASSERT_EQ(trained.exit_code, 0) << trained.output;
  auto expected = RowsOf(earlier);
  EXPECT_GT(expected.size(), 100);
  expected.insert(expected.end(), latest.begin(), latest.end());
  ASSERT_EQ(of_both.size(), expected.size());
  for (size_t i = 0; i < expected.size(); ++i) {
    ASSERT_EQ(of_both[i], expected[i]) << i;
  }
}

TEST_F(TrainedRanker, MomentsNeedStepsAndARecipe) {
  for (const char* const every :
       {"7", "0d", "-7d", "7w", "d", "7dd", "10001h", "1.5d", "''"}) {
    const Result result =
        Marquee(absl::StrCat(Train(), " --moments 2 --every ", every));
    EXPECT_NE(result.exit_code, 0) << every;
    EXPECT_THAT(result.output, HasSubstr("--every")) << every;
  }
  EXPECT_THAT(Marquee(Train() + " --moments 2 --every 7w").output,
              HasSubstr("--every '7w': must be hours or days, such as 12h or "
                        "7d"));
  EXPECT_EQ(Marquee(Train() + " --moments 0").exit_code, 2);
  EXPECT_EQ(Marquee(Train() + " --moments 1001").exit_code, 2);
  const Result labels = Marquee(absl::StrCat(Train(), " --moments 2 --labels ",
                                             data_, "/interactions.csv"));
  EXPECT_EQ(labels.exit_code, 2);
  EXPECT_THAT(labels.output, HasSubstr("--moments and --labels: the labels of "
                                       "earlier moments are in --data"));

  const std::string own = FreshPath("own");
  fs::copy(before_, own);
  fs::remove(own + "/als.json");
  const std::string train = absl::StrReplaceAll(Train(), {{before_, own}}) +
                            " --moments 2 --label-from 2026-10-25";
  const Result other = Marquee(train);
  EXPECT_EQ(other.exit_code, 2);
  EXPECT_THAT(other.output,
              AllOf(HasSubstr("--moments 2 trains vectors of earlier moments "
                              "as those of " +
                              own),
                    HasSubstr(own + "/als.json does not exist"),
                    HasSubstr("or --moments 1")));
  std::ofstream(own + "/als.json") << R"({"alpha": 1, "regularization": 0.1})";
  EXPECT_THAT(Marquee(train).output,
              HasSubstr(own + "/als.json does not say how"));
}

TEST(TrainAlsCommand, LooksAtItsOutputFirst) {
  const std::string file = WriteScratch("file", "");
  const Result in_the_way = Marquee(Als("nowhere", file));
  EXPECT_EQ(in_the_way.exit_code, 1);
  EXPECT_THAT(in_the_way.output, HasSubstr(file + ": can not be made"));
  const std::string made = FreshPath("made");
  const Result no_data = Marquee(Als("nowhere", made));
  EXPECT_EQ(no_data.exit_code, 1);
  EXPECT_THAT(no_data.output, HasSubstr("nowhere/interactions.csv"));
  EXPECT_FALSE(fs::exists(made));
  const std::string found = FreshPath("found");
  fs::create_directories(found);
  EXPECT_EQ(Marquee(Als("nowhere", found)).exit_code, 1);
  EXPECT_TRUE(fs::is_empty(found));
}

// They would have its name, and a ranker of others with it.
TEST(TrainAlsCommand, KnowsItsVectorsAgain) {
  const std::string data = SmallService();
  const std::string vectors = FreshPath("vectors");
  const std::string other = FreshPath("other");
  ASSERT_EQ(Marquee(Als(data, vectors)).exit_code, 0);
  ASSERT_EQ(Marquee(Als(data, other) + " --seed 7").exit_code, 0);
  const std::string build = absl::StrCat("build --no-graph --data ", data,
                                         " --embeddings ", vectors, " --out ");
  EXPECT_EQ(Marquee(build + FreshPath("snapshots")).exit_code, 0);
  for (const char* const name :
       {"/item_embeddings.npy", "/user_embeddings.npy"}) {
    fs::rename(vectors + name, vectors + "/kept");
    fs::copy_file(other + name, vectors + name);
    const Result built = Marquee(build + FreshPath("snapshots"));
    EXPECT_EQ(built.exit_code, 1);
    EXPECT_THAT(built.output,
                HasSubstr("/als.json: was written beside other vectors than "
                          "those of " +
                          vectors + name + ": they are not of one training"));
    fs::rename(vectors + "/kept", vectors + name);
  }
  std::ifstream file(vectors + "/items.txt");
  std::vector<std::string> ids{std::istream_iterator<std::string>(file), {}};
  std::swap(ids[0], ids[1]);
  std::ofstream(vectors + "/items.txt") << absl::StrJoin(ids, "\n") << '\n';
  const Result swapped = Marquee(build + FreshPath("snapshots"));
  EXPECT_EQ(swapped.exit_code, 1);
  EXPECT_THAT(swapped.output,
              HasSubstr("/als.json: was written beside other ids than those "
                        "of " +
                        vectors + "/item_embeddings.npy, or in another order"));
}

TEST(TrainAlsCommand, WritesWhatABuildReads) {
  const std::string data = SmallService();
  const std::string out = FreshPath("als");
  EXPECT_EQ(Marquee(Als(data, out)).exit_code, 0);
  EXPECT_TRUE(fs::exists(out + "/als.json"));
  std::ofstream(out + "/als.json") << "";
  const Result built =
      Marquee(absl::StrCat("build --data ", data, " --embeddings ", out,
                           " --out ", FreshPath("snapshots")));
  EXPECT_EQ(built.exit_code, 1);
  EXPECT_THAT(built.output, HasSubstr(out + "/als.json: is damaged"));
}

}  // namespace
}  // namespace marquee
