// Runs `marquee build` as a user does, from a shell.
#include <algorithm>
#include <cmath>
#include <filesystem>
#include <fstream>
#include <functional>
#include <iterator>
#include <regex>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_replace.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "nlohmann/json.hpp"
#include "tests/cli/run.h"
#include "tests/paths.h"

namespace marquee {
namespace {

namespace fs = std::filesystem;
using ::testing::AllOf;
using ::testing::ContainsRegex;
using ::testing::HasSubstr;
using ::testing::Not;

TEST(BuildCommand, AFailureLeavesNoDirectoryOfItsOwn) {
  const std::string data = SmallService();
  const std::string policy = WriteScratch("bad.textproto", "pins { x: 1 }");
  const std::string made = FreshPath("made");
  EXPECT_EQ(BuildSmall(data, made, "--policy " + policy).exit_code, 1);
  EXPECT_FALSE(fs::exists(made));
  EXPECT_EQ(BuildSmall(data, made + "/a/b", "--policy " + policy).exit_code, 1);
  EXPECT_FALSE(fs::exists(made));
  const std::string found = FreshPath("found");
  fs::create_directories(found);
  EXPECT_EQ(BuildSmall(data, found, "--policy " + policy).exit_code, 1);
  EXPECT_TRUE(fs::exists(found));
}

TEST(BuildCommand, WarnsOfRulesThatHaveEndedAndBuilds) {
  const std::string data = SmallService();
  const std::string policy =
      WriteScratch("policy.textproto",
                   "blocks { name: 'ever' match { item_ids: 't1' } }\n"
                   "pins { name: 'easter' item_id: 't2' position: 1\n"
                   "       window { end: '2026-04-07T00:00:00Z' } }\n");
  const std::string snapshots = FreshPath("snapshots");
  const std::string options = "--now 2026-05-01 --policy " + policy;
  const Result late = BuildSmall(data, snapshots, options);
  EXPECT_EQ(late.exit_code, 0) << late.output;
  EXPECT_THAT(late.output,
              AllOf(HasSubstr(policy + ":2: pin 'easter' has no effect any "
                                       "more: its window ended at "
                                       "2026-04-07T00:00:00Z"),
                    HasSubstr("warning"), Not(HasSubstr("ever")),
                    HasSubstr("rules     2")));
  const Result in_time =
      BuildSmall(data, snapshots, "--now 2026-04-01 --policy " + policy);
  EXPECT_EQ(in_time.exit_code, 0) << in_time.output;
  EXPECT_THAT(in_time.output, Not(HasSubstr("no effect")));
}

// The data of SmallService without the age ratings of every third item.
std::string WithoutRatings(const std::string& data) {
  std::ifstream in(data + "/items.jsonl");
  std::string text;
  size_t number = 0;
  for (std::string line; std::getline(in, line); ++number) {
    if (number % 3 == 0) {
      line = std::regex_replace(line, std::regex("\"maturity\":\\d+,"), "");
    }
    text += line + "\n";
  }
  std::ofstream(data + "/items.jsonl") << text;
  return data;
}

TEST(BuildCommand, ItemsWithoutAnAgeAreCountedAndHiddenUnlessTold) {
  const std::string data = WithoutRatings(SmallService());
  const std::string snapshots = FreshPath("snapshots");
  const Result hidden = BuildSmall(data, snapshots);
  EXPECT_EQ(hidden.exit_code, 0) << hidden.output;
  EXPECT_THAT(hidden.output,
              HasSubstr("unrated:  20 items have no age rating: no user with "
                        "an age limit is shown them (--unrated-is)"));
  const std::string why =
      "recommend --limit 1 --maturity-limit 12 --why-not t1";
  EXPECT_THAT(Marquee(why + " --snapshot " + snapshots).output,
              HasSubstr("has no age rating, the profile's limit is 12"));
  const Result told = BuildSmall(data, snapshots, "--unrated-is 16");
  EXPECT_THAT(told.output,
              HasSubstr("unrated:  20 items have no age rating and count as "
                        "16 years"));
  EXPECT_THAT(Marquee(why + " --snapshot " + snapshots).output,
              HasSubstr("has no age rating, which counts as 16 years, the "
                        "profile's limit is 12"));
  EXPECT_THAT(BuildSmall(data, snapshots, "--unrated-is 12 --json").output,
              HasSubstr("\"unrated_items\": 20"));
  EXPECT_THAT(Marquee(why + " --snapshot " + snapshots).output,
              Not(HasSubstr("age rating")));
}

// Writes the lines of a file of SmallService as `change` gives them back.
void ChangeLines(
    const std::string& path,
    const std::function<std::string(size_t number, std::string line)>& change) {
  std::ifstream in(path);
  std::string text;
  size_t number = 0;
  for (std::string line; std::getline(in, line);) {
    text += change(++number, line) + "\n";
  }
  std::ofstream(path) << text;
}

TEST(BuildCommand, DoubtsOfTheCatalogueAreToldAndBuilt) {
  const std::string data = SmallService();
  const std::string items = data + "/items.jsonl";
  EXPECT_THAT(BuildSmall(data, FreshPath("clean")).output,
              Not(HasSubstr("items.jsonl:")));
  ChangeLines(items, [](size_t number, std::string line) {
    const std::regex genres("\"genres\":\\[[^\\]]*\\]");
    const std::regex minutes("\"runtime_minutes\":(\\d+)");
    if (number == 2) {
      line = std::regex_replace(line, genres, "\"genres\":[\"nan\",\"A|B\"]");
    }
    if (number == 3) {
      line = std::regex_replace(line, minutes, "\"runtime_minutes\":\"$1\"");
    }
    if (number != 4) return line;
    return line + "\n{\"item_id\":\"t4 \",\"attributes\":{\"Studio\":\"x\"}}";
  });
  const Result built = BuildSmall(data, FreshPath("doubtful"));
  EXPECT_EQ(built.exit_code, 0) << built.output;
  const std::string begin = "marquee: warning: " + items;
  EXPECT_THAT(
      built.output,
      AllOf(HasSubstr(begin + ":1: attributes.runtime_minutes is a text on 1 "
                              "item (the first on line 3) and a number on 59"),
            HasSubstr(begin + ":5: attributes.Studio is on 1 item and"),
            HasSubstr(begin + ":2: genres 'nan' is on 1 item: tables write"),
            HasSubstr(begin + ":2: genres 'A|B' is on 1 item, as one value"),
            HasSubstr(begin + ":5: the id 't4 ' differs from 't4' on line 4")));
}

TEST(BuildCommand, AnItemThatCanNotBeHeldIsNamedWithItsLine) {
  const std::string data = SmallService();
  const std::string items = data + "/items.jsonl";
  ChangeLines(items, [](size_t number, std::string line) {
    if (number != 7) return line;
    std::string many = "\"attributes\":{";
    for (int i = 0; i < 200; ++i) absl::StrAppend(&many, "\"x", i, "\":1,");
    return absl::StrReplaceAll(line, {{"\"attributes\":{", many}});
  });
  const Result many = BuildSmall(data, FreshPath("many"));
  EXPECT_EQ(many.exit_code, 1);
  EXPECT_THAT(many.output,
              HasSubstr(items + ":7: item 't7': more than 200 different"));
  ChangeLines(items, [](size_t number, std::string line) {
    return number == 7 ? std::string(
                             "{\"item_id\":\"t7\",\"attributes\":{"
                             "\"log_watches\":1}}")
                       : line;
  });
  const Result taken = BuildSmall(data, FreshPath("taken"));
  EXPECT_EQ(taken.exit_code, 1);
  EXPECT_THAT(taken.output,
              HasSubstr(items + ":7: field 'attributes.log_watches': "));
}

TEST(BuildCommand, UsersWithoutACountryAreCountedWhereItMatters) {
  const std::string data = SmallService();
  const std::string users = data + "/users.jsonl";
  const std::regex country("\"country\":\"[A-Z]*\",");
  ChangeLines(users, [&](size_t number, std::string line) {
    return number % 4 == 1 ? std::regex_replace(line, country, "") : line;
  });
  const std::string warning =
      "marquee: warning: " + users +
      ": 10 of its 40 users have no country: where a request names none, they "
      "are shown only what is licensed everywhere";
  EXPECT_THAT(BuildSmall(data, FreshPath("some"), "--allow-empty").output,
              HasSubstr(warning));
  ChangeLines(data + "/items.jsonl", [](size_t, std::string line) {
    return std::regex_replace(line, std::regex("\"country\":\"[A-Z]*\""),
                              "\"country\":\"*\"");
  });
  const Result everywhere = BuildSmall(data, FreshPath("everywhere"));
  EXPECT_EQ(everywhere.exit_code, 0) << everywhere.output;
  EXPECT_THAT(everywhere.output, Not(HasSubstr("have no country")));
}

// Sets one row of a matrix to zeros.
void ClearRow(const std::string& path, size_t rows, size_t row) {
  const size_t bytes = fs::file_size(path);
  const size_t row_bytes = bytes / rows / 4 * 4;
  std::fstream file(path, std::ios::in | std::ios::out | std::ios::binary);
  file.seekp(static_cast<std::streamoff>(bytes - (rows - row) * row_bytes));
  file << std::string(row_bytes, '\0');
}

TEST(BuildCommand, AVectorOfZerosIsNone) {
  const std::string data = SmallService();
  ClearRow(data + "/item_embeddings.npy", 60, 4);
  ClearRow(data + "/item_embeddings.npy", 60, 0);
  ClearRow(data + "/user_embeddings.npy", 40, 2);
  const std::string snapshots = FreshPath("snapshots");
  const Result built = BuildSmall(data, snapshots);
  EXPECT_EQ(built.exit_code, 0) << built.output;
  EXPECT_THAT(built.output,
              AllOf(HasSubstr("items     60, 58 with a vector"),
                    HasSubstr("users     40, 40 with a vector, 1 of them by "
                              "their history alone"),
                    HasSubstr("left out: vectors of zeros, 2 of items and 1 "
                              "of users")));
  const auto list = [&](const std::string& whose) {
    return Marquee("recommend --limit 3 --explain --snapshot " + snapshots +
                   " " + whose)
        .output;
  };
  // A line of users.txt and of items.txt each.
  EXPECT_THAT(list("--user u2"), HasSubstr("placed by: stored"));
  EXPECT_THAT(list("--user u4"), HasSubstr("placed by: stored"));
  EXPECT_THAT(list("--similar-to t5"), HasSubstr("has no vector"));
  EXPECT_THAT(list("--similar-to t6"), HasSubstr("placed by: item"));
}

// A matrix in another order than its ids has the right shape.
TEST(BuildCommand, VectorsThatDoNotFitTheHistoryAreDoubted) {
  const std::string data = FreshPath("data");
  ASSERT_EQ(Marquee("synth --users 150 --items 60 --embeddings --out " + data)
                .exit_code,
            0);
  const std::string doubt = "the items that users like rank above";
  EXPECT_THAT(BuildSmall(data, FreshPath("good")).output,
              Not(HasSubstr(doubt)));
  for (const char* const name : {"/items.txt", "/users.txt"}) {
    std::ifstream file(data + name);
    const std::vector<std::string> ids{std::istream_iterator<std::string>(file),
                                       {}};
    std::vector<std::string> turned = ids;
    std::rotate(turned.begin(), turned.begin() + 7, turned.end());
    std::ofstream(data + name) << absl::StrJoin(turned, "\n") << '\n';
    const Result built = BuildSmall(data, FreshPath("bad"));
    EXPECT_EQ(built.exit_code, 0);
    EXPECT_THAT(
        built.output,
        ContainsRegex(data + ": the items that users like rank "
                             "above [0-9]+ % of the other items by "
                             "their own vectors, and above [0-9]+ % by those "
                             "of strangers \\(150 users\\): are"))
        << name;
    std::ofstream(data + name) << absl::StrJoin(ids, "\n") << '\n';
  }
}

// The vector of who came after the training is the one that the same items
// would give as recent events.
TEST(BuildCommand, AHistoryWithoutAVectorIsFoldedIn) {
  const std::string data = SmallService();
  std::ofstream(data + "/interactions.csv", std::ios::app)
      << "late,t5,1750000000,play,1\nlate,t6,1750000001,play,1\n"
         "after,t7,1750000000,play,1\n";
  std::ofstream(data + "/users.jsonl", std::ios::app)
      << "{\"user_id\":\"nothing\"}\n{\"user_id\":\"late\"}\n";
  const std::string snapshots = FreshPath("snapshots");
  const Result built = BuildSmall(data, snapshots);
  ASSERT_EQ(built.exit_code, 0) << built.output;
  EXPECT_THAT(built.output, HasSubstr("users     43, 42 with a vector, 2 of "
                                      "them by their history alone"));
  const auto ask = [&](const std::string& whose) {
    return nlohmann::json::parse(
        Marquee("recommend --limit 10 --explain --json --snapshot " +
                    snapshots + " " + whose,
                "2> /dev/null")
            .output);
  };
  const auto stored = ask("--user late");
  EXPECT_EQ(stored["vector_source"], "stored");
  const auto sent = ask("--user stranger --watched t5 t6");
  EXPECT_EQ(sent["vector_source"], "recent events");
  for (size_t i = 0; i < 10; ++i) {
    EXPECT_EQ(stored["items"][i]["item_id"], sent["items"][i]["item_id"]);
  }
  EXPECT_EQ(ask("--user nothing")["vector_source"], "none");
}

// A trailer gives no vector where vectors learn from plays.
TEST(BuildCommand, FoldsInWhatTheVectorsLearnFrom) {
  const std::string data = SmallService();
  const std::string vectors = FreshPath("als");
  ASSERT_EQ(Marquee(absl::StrCat("train als --factors 4 --iterations 1 "
                                 "--events play --interactions ",
                                 data, "/interactions.csv --out ", vectors))
                .exit_code,
            0);
  std::ofstream(data + "/interactions.csv", std::ios::app)
      << "looker,t5,1750000000,trailer,1\nlate,t6,1750000001,play,1\n";
  const std::string snapshots = FreshPath("snapshots");
  const Result built =
      Marquee(absl::StrCat("build --data ", data, " --embeddings ", vectors,
                           " --out ", snapshots, " --allow-unmatched"));
  ASSERT_EQ(built.exit_code, 0) << built.output;
  const auto placed = [&](const std::string& user) {
    return nlohmann::json::parse(
        Marquee("recommend --explain --json --snapshot " + snapshots +
                    " --user " + user,
                "2> /dev/null")
            .output)["vector_source"];
  };
  EXPECT_EQ(placed("looker"), "none");
  EXPECT_EQ(placed("late"), "stored");
}

// The items of SmallService: so many are licensed, the others have these
// licences.
void WriteItems(const std::string& data, int open,
                const std::string& licences = "") {
  std::ofstream file(data + "/items.jsonl");
  for (int i = 1; i <= 60; ++i) {
    file << "{\"item_id\":\"t" << i << "\",\"maturity\":0"
         << (i <= open ? "" : ",\"licences\":[" + licences + "]") << "}\n";
  }
}

// A broken export, and nobody looks at what servers say.
TEST(BuildCommand, WhatShowsLessThanHalfOfTheNewestVersionIsWarnedOf) {
  const std::string data = SmallService();
  const std::string snapshots = FreshPath("snapshots");
  WriteItems(data, 50);
  const std::string warning = "less than half";
  EXPECT_THAT(BuildSmall(data, snapshots).output, Not(HasSubstr(warning)));
  WriteItems(data, 24);
  const Result less = BuildSmall(data, snapshots);
  EXPECT_EQ(less.exit_code, 0);
  EXPECT_THAT(less.output,
              AllOf(HasSubstr("warning: the new version can show 24 items "
                              "in the median"),
                    HasSubstr("version 1 shows 50: less than half; a server "
                              "that serves that version loads the new one "
                              "only with force, a server that starts")));
  // Whatever the moment of the golden requests.
  ASSERT_EQ(Marquee("versions " + snapshots + " block 2 --why x").exit_code, 0);
  WriteItems(data, 20, "{\"country\":\"*\",\"end\":\"2020-01-01T00:00:00Z\"}");
  EXPECT_THAT(BuildSmall(data, snapshots, "--now 2019-06-01").output,
              HasSubstr("version 1 shows 50: less than half"));
  // Now that one is the newest.
  WriteItems(data, 10);
  EXPECT_THAT(BuildSmall(data, snapshots).output, Not(HasSubstr(warning)))
      << "just half";
  for (const char* const version : {"3", "4"}) {
    ASSERT_EQ(
        Marquee("versions " + snapshots + " block " + version + " --why x")
            .exit_code,
        0);
  }
  EXPECT_THAT(BuildSmall(data, snapshots).output,
              HasSubstr("version 1 shows 50: less than half"));
}

TEST(BuildCommand, ABlockThatBeginsLaterIsLookedAtThen) {
  const std::string data = SmallService();
  WriteItems(data, 60);
  const auto policy = [](const std::string& year) {
    return "--policy " +
           WriteScratch("policy",
                        "blocks { name: 'a' match { item_ids: 't1' } only: "
                        "true\n window { start: '" +
                            year + "-12-24T00:00:00Z' end: '" + year +
                            "-12-27T00:00:00Z' } }\n"
                            "blocks { name: 'b' match { item_ids: 't2' } only: "
                            "true\n window { start: '" +
                            year + "-12-25T00:00:00Z' } }\n");
  };
  const std::string snapshots = FreshPath("snapshots");
  const Result refused = BuildSmall(data, snapshots, policy("2100"));
  EXPECT_EQ(refused.exit_code, 1);
  EXPECT_THAT(refused.output,
              AllOf(HasSubstr("from 2100-12-25T00:00:00Z"),
                    HasSubstr("blocks 'a' (line 1) and 'b' (line 3) together"),
                    HasSubstr("--allow-empty")));
  EXPECT_EQ(
      BuildSmall(data, snapshots, policy("2100") + " --allow-empty").exit_code,
      0);
  // Whatever the moment of the golden requests.
  for (const char* const now : {"2020-01-01", "2105-01-01"}) {
    EXPECT_EQ(
        BuildSmall(data, snapshots, policy("2100") + " --now " + now).exit_code,
        1);
  }
  // Nobody will see that day again.
  const Result past = BuildSmall(
      data, snapshots,
      "--now 2019-01-01 --policy " +
          WriteScratch("past",
                       "blocks { name: 'a' match { item_ids: 't1' } only: true "
                       "window { start: '2020-12-24T00:00:00Z' end: "
                       "'2020-12-27T00:00:00Z' } }\n"
                       "blocks { name: 'b' match { item_ids: 't2' } only: true "
                       "window { start: '2020-12-24T00:00:00Z' end: "
                       "'2020-12-27T00:00:00Z' } }\n"));
  EXPECT_EQ(past.exit_code, 0) << past.output;
}

TEST(BuildCommand, OfManyLaterBlocksSoManyAreLookedAt) {
  const std::string data = SmallService();
  std::string rules;
  for (int day = 1; day <= 22; ++day) {
    rules += "blocks { name: 'b" + std::to_string(day) +
             "' match { item_ids: 't1' } window { start: '2100-01-" +
             (day < 10 ? "0" : "") + std::to_string(day) + "T00:00:00Z' } }\n";
  }
  const std::string policy = WriteScratch("policy", rules);
  EXPECT_THAT(
      BuildSmall(data, FreshPath("snapshots"), "--policy " + policy).output,
      HasSubstr(
          "the last 2 of 22 moments at which blocks begin were not checked"));
}

TEST(BuildCommand, WithoutInteractionsItSaysWhatThatMeans) {
  const std::string data = SmallService();
  const Result before =
      BuildSmall(data, FreshPath("before"), "--until 1990-01-01");
  EXPECT_EQ(before.exit_code, 0) << before.output;
  EXPECT_THAT(before.output,
              HasSubstr("rows none is before --until and of an item of the "
                        "catalogue: nothing is popular"));
  std::ofstream(data + "/interactions.csv") << "user_id,item_id,timestamp\n";
  EXPECT_THAT(BuildSmall(data, FreshPath("none")).output,
              HasSubstr("of its 0 rows none"));
}

TEST(BuildCommand, ACatalogueWithoutRatingsIsWarnedOf) {
  const std::string data = SmallService();
  std::ofstream(data + "/users.jsonl") << "{\"user_id\":\"u1\"}\n";
  std::ofstream items(data + "/items.jsonl");
  for (int i = 1; i <= 60; ++i) items << "{\"item_id\":\"t" << i << "\"}\n";
  items.close();
  const std::string warning = "no item has a maturity";
  EXPECT_THAT(BuildSmall(data, FreshPath("hidden")).output, HasSubstr(warning));
  EXPECT_THAT(BuildSmall(data, FreshPath("told"), "--unrated-is 0").output,
              Not(HasSubstr(warning)));
}

TEST(BuildCommand, AnAgeForUnratedItemsIsOneThatALimitMayBe) {
  const std::string data = SmallService();
  for (const char* const age : {"100", "-1", "x", "12.5"}) {
    const Result built = BuildSmall(data, FreshPath("snapshots"),
                                    std::string("--unrated-is ") + age);
    EXPECT_EQ(built.exit_code, 2);
    EXPECT_THAT(built.output, HasSubstr("must be a whole number of 0 to 99"));
  }
}

// Everybody here has a limit, and no item has an age.
TEST(BuildCommand, ARefusalForWantOfRatingsNamesTheWayOut) {
  const std::string data = SmallService();
  std::ofstream(data + "/users.jsonl")
      << "{\"user_id\":\"u1\",\"country\":\"DE\",\"maturity_limit\":6}\n";
  std::string items;
  for (int i = 0; i < 60; ++i) {
    items += "{\"item_id\":\"t" + std::to_string(i) + "\"}\n";
  }
  std::ofstream(data + "/items.jsonl") << items;
  const std::string snapshots = FreshPath("snapshots");
  const Result refused = BuildSmall(data, snapshots);
  EXPECT_EQ(refused.exit_code, 1);
  EXPECT_THAT(
      refused.output,
      AllOf(HasSubstr("none of the 60 licensed items is for that age; 60 have "
                      "no age rating"),
            HasSubstr("--allow-empty builds it anyway; --unrated-is N "
                      "gives the age N to the 60 items without an age "
                      "rating")));
  EXPECT_EQ(BuildSmall(data, snapshots, "--unrated-is 6").exit_code, 0);
  EXPECT_THAT(BuildSmall(data, snapshots, "--unrated-is 7").output,
              Not(HasSubstr("--unrated-is N")));
}

TEST(BuildCommand, SaysWhatEachEngineFindsAndInspectRemembers) {
  const std::string data = SmallService();
  const std::string snapshots = FreshPath("snapshots");
  const Result cells = BuildSmall(data, snapshots, "--no-graph");
  EXPECT_THAT(cells.output,
              AllOf(ContainsRegex("cells     finds at least [0-9.]+ "
                                  "% of the nearest 500"),
                    Not(HasSubstr("graph"))));
  const Result both = BuildSmall(data, snapshots);
  EXPECT_EQ(both.exit_code, 0) << both.output;
  EXPECT_THAT(both.output, AllOf(HasSubstr("cells     finds at least "),
                                 HasSubstr("graph     finds at least ")));
  EXPECT_THAT(
      Marquee("inspect " + snapshots).output,
      AllOf(HasSubstr("engine     cells"), HasSubstr("engine     graph")));
  EXPECT_EQ(Marquee("verify " + snapshots).exit_code, 0);
}

// Of this data the cells find 99.9667 %.
TEST(BuildCommand, RecallIsRoundedDownByBuildAndByInspect) {
  const std::string data = FreshPath("rounded");
  ASSERT_EQ(Marquee("synth --users 60 --items 9000 --interactions-per-user 10 "
                    "--embeddings --out " +
                    data)
                .exit_code,
            0);
  const std::string snapshots = FreshPath("snapshots");
  const Result built =
      BuildSmall(data, snapshots, "--no-graph --recall 0.9 --threads 1");
  ASSERT_EQ(built.exit_code, 0) << built.output;
  const auto json =
      nlohmann::json::parse(Marquee("inspect --json " + snapshots).output);
  const double percent = json["engines"][0]["recall"].get<double>() * 100;
  const double down = std::floor(percent * 1e3) / 1e3;
  EXPECT_GT(percent, down + 0.0005) << "has nothing to round down";
  const std::string line =
      absl::StrCat("cells +finds at least ", down, " % of the nearest 500");
  EXPECT_THAT(built.output, ContainsRegex(line));
  EXPECT_THAT(Marquee("inspect " + snapshots).output, ContainsRegex(line));
}

TEST(BuildCommand, AnEngineThatFindsTooLittleIsAFaultWithTheNumbers) {
  const std::string data = FreshPath("many");
  ASSERT_EQ(Marquee("synth --users 20 --items 9000 --interactions-per-user 5 "
                    "--embeddings --out " +
                    data)
                .exit_code,
            0);
  const std::string snapshots = FreshPath("snapshots");
  const Result built = BuildSmall(
      data, snapshots, "--recall 1 --graph --links 4 --build-width 4");
  EXPECT_EQ(built.exit_code, 1);
  EXPECT_THAT(built.output, AllOf(HasSubstr(" of the best 500 on "),
                                  HasSubstr("less than --recall 1")));
  EXPECT_FALSE(fs::exists(snapshots));
}

// Vectors alone of items, from any trainer: users are placed by what they
// like.
TEST(BuildCommand, VectorsOfItemsAloneAreEnough) {
  const std::string data = SmallService();
  fs::remove(data + "/users.txt");
  EXPECT_THAT(BuildSmall(data, FreshPath("half")).output,
              HasSubstr("users.txt"));
  fs::remove(data + "/user_embeddings.npy");
  const std::string snapshots = FreshPath("snapshots");
  const Result built = BuildSmall(data, snapshots);
  ASSERT_EQ(built.exit_code, 0) << built.output;
  EXPECT_THAT(built.output, HasSubstr("users     40, 40 with a vector, 40 of "
                                      "them by their history alone"));
  EXPECT_EQ(Marquee("verify " + snapshots).exit_code, 0);
  EXPECT_THAT(
      Marquee("recommend --user u2 --explain --snapshot " + snapshots).output,
      HasSubstr("placed by: stored"));
}

// Two trees of one leaf, the first of which was the best.
std::string StoppedEarly(const std::string& best) {
  const auto leaf = [](int id, int value) {
    return absl::StrCat(
        "{\"id\":", id,
        ",\"left_children\":[-1],\"right_children\":[-1],"
        "\"split_indices\":[0],\"split_conditions\":[",
        value, "],\"default_left\":[0],\"tree_param\":{\"num_nodes\":\"1\"}}");
  };
  return absl::StrCat(
      "{\"learner\":{\"attributes\":{", best,
      "},\"feature_names\":[\"item.maturity\"],\"gradient_booster\":{"
      "\"model\":{\"gbtree_model_param\":{\"num_trees\":\"2\"},"
      "\"tree_info\":[0,0],\"trees\":[",
      leaf(0, 1), ",", leaf(1, 2),
      "]},\"name\":\"gbtree\"},\"learner_model_param\":{"
      "\"base_score\":\"0\",\"num_feature\":\"1\"},"
      "\"objective\":{\"name\":\"rank:ndcg\"}},\"version\":[3,2,0]}");
}

std::string TooManyFeatures() {
  std::string model = StoppedEarly("");
  const auto replace = [&](const std::string& what, const std::string& with) {
    model.replace(model.find(what), what.size(), with);
  };
  replace("[\"item.maturity\"]", "[]");
  replace("\"num_feature\":\"1\"", "\"num_feature\":\"2147483647\"");
  return model;
}

TEST(BuildCommand, HowMuchOfTheRankerIsUsedIsSaidAndChosen) {
  const std::string data = SmallService();
  const std::string model =
      WriteScratch("stopped.json", StoppedEarly("\"best_iteration\":\"0\""));
  const Result all = BuildSmall(data, FreshPath("all"), "--ranker " + model);
  EXPECT_EQ(all.exit_code, 0) << all.output;
  EXPECT_THAT(all.output,
              AllOf(HasSubstr("ranker    2 trees"),
                    HasSubstr("found the first 1 iterations best, all 2")));
  const Result chosen =
      BuildSmall(data, FreshPath("chosen"),
                 "--ranker " + model + " --ranker-iterations 2");
  EXPECT_THAT(chosen.output, AllOf(HasSubstr("ranker    2 trees"),
                                   Not(HasSubstr("warning: " + model))));
  const std::string snapshots = FreshPath("best");
  const Result best = BuildSmall(
      data, snapshots, "--ranker " + model + " --ranker-iterations best");
  EXPECT_EQ(best.exit_code, 0) << best.output;
  EXPECT_THAT(best.output, HasSubstr("ranker    1 trees"));
  EXPECT_EQ(Marquee("verify " + snapshots).exit_code, 0);
}

TEST(BuildCommand, WarnsOfCategoriesThatTheModelDoesNotExplain) {
  std::ifstream file(SourceDir() + "/tests/models/xgb16_categorical.json");
  const std::string model(std::istreambuf_iterator<char>(file), {});
  const std::string named = WriteScratch(
      "named.json",
      absl::StrReplaceAll(model, {{"\"age\"", "\"item.maturity\""},
                                  {"\"days since\"", "\"item.genres\""},
                                  {"\"länge\"", "\"cross.cosine\""},
                                  {"\"f3\"", "\"request.device\""}}));
  const Result built =
      BuildSmall(SmallService(), FreshPath("snapshots"), "--ranker " + named);
  EXPECT_EQ(built.exit_code, 0) << built.output;
  EXPECT_THAT(
      built.output,
      HasSubstr("has categories of 'request.device', and the file does not"));
}

TEST(BuildCommand, ARankerThatCanNotBeUsedIsAFaultBeforeTheWork) {
  const std::string data = SmallService();
  const std::string unknown = WriteScratch("plain.json", StoppedEarly(""));
  const std::pair<std::string, std::string> calls[] = {
      {"--ranker " + unknown + " --ranker-iterations best",
       unknown + ": the model names no best iteration"},
      {"--ranker " + unknown + " --ranker-iterations 3",
       unknown + ": the model has 2 iterations; the first 3"},
      {"--ranker-iterations 2", "--ranker"},
  };
  for (const auto& [options, what] : calls) {
    const Result built = BuildSmall(data, FreshPath("calls"), options);
    EXPECT_EQ(built.exit_code, 2) << built.output;
    EXPECT_THAT(built.output, HasSubstr(what));
  }
  const std::pair<std::string, std::string> faults[] = {
      {"--ranker " + WriteScratch("empty.json", ""), "is not a tree model"},
      {"--ranker " + WriteScratch("dump.txt", "booster[0]:\n0:leaf=1\n"),
       "dump.txt: is a dump of an XGBoost model"},
      {"--ranker " + WriteScratch("cut.json", "{\"learner\":"),
       "cut.json:1:12: expected '{'"},
      // Nothing is sized by what the file only promises.
      {"--ranker " + WriteScratch("wide.json", TooManyFeatures()),
       "wide.json: has no feature names"},
      {"--ranker " + SourceDir() + "/tests/models/xgb34_named_json.json",
       "numbered the categories of 'f3', but a server"},
      {"--ranker " + SourceDir() + "/tests/models/lgb_multiclass.txt",
       "lgb_multiclass.txt: a ranker gives one score a row"},
  };
  for (const auto& [options, what] : faults) {
    const Result built = BuildSmall(data, FreshPath("faults"), options);
    EXPECT_EQ(built.exit_code, 1) << built.output;
    EXPECT_THAT(built.output, HasSubstr(what));
  }
}

// An unset variable of a script, or half of a copied file, must not pass
// unnoticed.
TEST(BuildCommand, WhatWouldLoseRulesOrAgeLimitsIsTold) {
  const std::string data = SmallService();
  const std::string snapshots = FreshPath("snapshots");
  for (const char* const option : {"--policy ''", "--ranker ''"}) {
    const Result empty = BuildSmall(data, snapshots, option);
    EXPECT_EQ(empty.exit_code, 2) << empty.output;
    EXPECT_THAT(empty.output, HasSubstr("is a variable of a script not set?"));
  }
  const std::string policy = WriteScratch("none.textproto", "# later\n");
  EXPECT_THAT(BuildSmall(data, snapshots, "--policy " + policy).output,
              HasSubstr("warning: " + policy + ": has no rules"));
  const std::string mix = WriteScratch(
      "mix.textproto", "sources { name: 'm' source: 'new' weight: 1 }\n");
  EXPECT_THAT(BuildSmall(data, snapshots, "--policy " + mix).output,
              AllOf(HasSubstr("rules     1"), Not(HasSubstr("has no rules"))));
  fs::resize_file(data + "/users.jsonl", 0);
  EXPECT_THAT(BuildSmall(data, snapshots, "").output,
              AllOf(HasSubstr("warning: " + data + "/users.jsonl: has no line"),
                    HasSubstr("no age limit")));
}

}  // namespace
}  // namespace marquee
