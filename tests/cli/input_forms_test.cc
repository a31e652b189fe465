// Files and moments in the forms in which exports and people write them.
#include <sys/stat.h>

#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <regex>
#include <string>
#include <thread>
#include <tuple>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/cli/run.h"

namespace marquee {
namespace {

using ::testing::AllOf;
using ::testing::ContainsRegex;
using ::testing::HasSubstr;
using ::testing::Not;

std::string Read(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

// As spreadsheets and Windows write it.
void PutMarkAndReturns(const std::string& path) {
  const std::string text = absl::StrReplaceAll(Read(path), {{"\n", "\r\n"}});
  std::ofstream(path, std::ios::binary) << "\xEF\xBB\xBF" << text;
}

TEST(InputForms, AFileMayBeginWithAByteOrderMark) {
  const std::string data = SmallService();
  const std::string policy =
      WriteScratch("policy",
                   "blocks { name: 'x' match { item_ids: 't1' } }\n"
                   "blocks { name: 'y' match { item_ids: 't2' } }\n");
  const std::string list = "recommend --user u1 --now 2026-06-01 --snapshot ";
  const std::string plain = FreshPath("plain");
  ASSERT_EQ(BuildSmall(data, plain, "--policy " + policy).exit_code, 0);
  const Result before = Marquee(list + plain);
  for (const char* const name :
       {"/items.jsonl", "/users.jsonl", "/interactions.csv", "/items.txt",
        "/users.txt"}) {
    PutMarkAndReturns(data + name);
  }
  PutMarkAndReturns(policy);
  const std::string marked = FreshPath("marked");
  const Result built = BuildSmall(data, marked, "--policy " + policy);
  EXPECT_EQ(built.exit_code, 0) << built.output;
  EXPECT_THAT(built.output, HasSubstr("rules     2"));
  EXPECT_EQ(Marquee(list + marked).output, before.output);
}

// Appends to every cell of a column of interactions.csv, or to every line.
void Append(const std::string& path, const std::string& pattern,
            const std::string& with) {
  const std::string text = std::regex_replace(
      Read(path), std::regex(pattern, std::regex::multiline), with);
  std::ofstream(path, std::ios::binary) << text;
}

// As pandas writes whole numbers of a column with gaps.
TEST(InputForms, IdsThatMatchNothingAreAnErrorWithBothSides) {
  const std::string users = "^(u[0-9]+),";
  const std::string items = "^(u[0-9]+,t[0-9]+),";
  const std::string line = "^([ut][0-9]+)$";
  const struct {
    std::string file, pattern, with, fault;
  } cases[] = {
      {"/interactions.csv", users, "$1.0,", "who like something are not in "},
      {"/interactions.csv", items, "$1.0,", "rows' items are not in "},
      {"/items.txt", line, "$1.0", "/items.txt: names no item of "},
      {"/users.txt", line, "$1.0", "users are not in "},
      {"/users.jsonl", "\"(u[0-9]+)\"", "\"$1.0\"", "users are not in "}};
  for (const auto& [file, pattern, with, fault] : cases) {
    const std::string data = SmallService();
    Append(data + file, pattern, with);
    const Result built = BuildSmall(data, FreshPath("snapshots"));
    EXPECT_EQ(built.exit_code, 1) << file;
    EXPECT_THAT(built.output, AllOf(HasSubstr(data + file), HasSubstr(fault)));
    EXPECT_THAT(built.output,
                AllOf(ContainsRegex("such as '[ut][0-9]+.0'; ids there look "
                                    "like '[ut][0-9]+'; export both files"),
                      HasSubstr("Ids that end with .0 were numbers once")));
    if (file == "/items.txt") continue;  // nothing could be found
    EXPECT_THAT(built.output, HasSubstr("--allow-unmatched"));
    EXPECT_EQ(
        BuildSmall(data, FreshPath("snapshots"), "--allow-unmatched").exit_code,
        0);
  }
}

// Each of these users is two, of whom one has no age limit.
TEST(InputForms, UsersWithoutAProfileAreToldWithAnExample) {
  const std::string data = SmallService();
  Append(data + "/interactions.csv", "^(u[0-9]*3),", "$1.0,");
  const Result built = BuildSmall(data, FreshPath("snapshots"));
  EXPECT_EQ(built.exit_code, 0);
  EXPECT_THAT(built.output,
              ContainsRegex("/users.jsonl: has no line for 4 of 44 users, such "
                            "as 'u[0-9]*3.0': they have no country and no age "
                            "limit. Ids that end with .0 were numbers once"));
}

// Most users who watch have no profile, and most who have one do not watch.
TEST(InputForms, ProfilesMayBeFewOrManyMoreThanWatch) {
  const std::string data = SmallService();
  const auto build = [&](int known, int more) {
    std::ofstream users(data + "/users.jsonl");
    for (int i = 1; i <= known; ++i) {
      users << "{\"user_id\":\"u" << i << "\"}\n";
    }
    for (int i = 0; i < more; ++i) {
      users << "{\"user_id\":\"new" << i << "\"}\n";
    }
    users.close();
    return BuildSmall(data, FreshPath("snapshots"));
  };
  EXPECT_EQ(build(2, 2).exit_code, 0);
  const Result tenth = build(4, 500);
  EXPECT_EQ(tenth.exit_code, 0) << tenth.output;
  // Ids of another system, some of which look alike.
  const Result fewer = build(3, 500);
  EXPECT_EQ(fewer.exit_code, 1);
  EXPECT_THAT(fewer.output, HasSubstr("500 of its 503 users are not in "));
}

// They have seen something and liked nothing: a trainer leaves them out.
TEST(InputForms, UsersWhoLikeNothingNeedNoVector) {
  const std::string data = SmallService();
  std::ofstream(data + "/users.jsonl") << "";
  std::ofstream csv(data + "/interactions.csv");
  csv << "user_id,item_id,timestamp,weight\n";
  for (int i = 1; i <= 40; ++i) csv << "u" << i << ",t1,1760000000,1\n";
  for (int i = 0; i < 99; ++i) csv << "seer" << i << ",t1,1760000000,0\n";
  csv.close();
  const Result built = BuildSmall(data, FreshPath("snapshots"));
  EXPECT_EQ(built.exit_code, 0) << built.output;
}

// Half is enough: items are retired, users come and go.
TEST(InputForms, HalfOfTheIdsMayMatchNothing) {
  const std::string data = SmallService();
  std::string some = Read(data + "/items.txt");
  Append(data + "/items.txt", "^(t[1-5]?[13579])$", "gone$1");
  ASSERT_NE(Read(data + "/items.txt"), some);
  const Result half = BuildSmall(data, FreshPath("snapshots"));
  EXPECT_EQ(half.exit_code, 0) << half.output;
  EXPECT_THAT(half.output, HasSubstr("left out: 30 items with a vector"));
  Append(data + "/items.txt", "^(t2)$", "gone$1");
  const Result most = BuildSmall(data, FreshPath("snapshots"));
  EXPECT_EQ(most.exit_code, 1);
  EXPECT_THAT(most.output, HasSubstr("31 of its 60 items are not in "));
}

// Turns a matrix as the tool writes it, of float32 behind 128 bytes, into one
// of big-endian float64 in Fortran order.
void TurnForm(const std::string& path, size_t rows) {
  std::string file =
      absl::StrReplaceAll(Read(path), {{"'<f4'", "'>f8'"}, {"False", "True "}});
  const std::string numbers = file.substr(128);
  const size_t columns = numbers.size() / sizeof(float) / rows;
  file.resize(128);
  for (size_t i = 0; i < rows * columns; ++i) {
    float narrow;
    std::memcpy(
        &narrow,
        numbers.data() + (i % rows * columns + i / rows) * sizeof(float),
        sizeof(float));
    const double wide = narrow;
    std::string bytes(reinterpret_cast<const char*>(&wide), sizeof(wide));
    file.append(bytes.rbegin(), bytes.rend());
  }
  std::ofstream(path, std::ios::binary) << file;
}

// A section of one block without its checksums, which differ between snapshots.
std::string ArraysOf(const std::string& section) {
  const std::string file = Read(section);
  return file.substr(0, file.size() - 72);
}

TEST(InputForms, OtherFormsOfMatricesAreConvertedAndTold) {
  const std::string data = SmallService();
  const std::string plain = FreshPath("plain");
  const Result told_nothing = BuildSmall(data, plain);
  ASSERT_EQ(told_nothing.exit_code, 0) << told_nothing.output;
  EXPECT_THAT(told_nothing.output, Not(HasSubstr("converted")));
  TurnForm(data + "/user_embeddings.npy", 40);
  TurnForm(data + "/item_embeddings.npy", 60);
  const std::string turned = FreshPath("turned");
  const Result built = BuildSmall(data, turned);
  ASSERT_EQ(built.exit_code, 0) << built.output;
  for (const char* const name : {"/user_embeddings", "/item_embeddings"}) {
    EXPECT_THAT(built.output,
                HasSubstr("marquee: warning: " + data + name +
                          ".npy: its numbers are float64, big-endian, in "
                          "Fortran order; they are converted in memory"));
  }
  for (const char* const section : {"/item_vectors", "/user_vectors"}) {
    EXPECT_EQ(ArraysOf(turned + "/1" + section),
              ArraysOf(plain + "/1" + section))
        << section;
  }
  EXPECT_THAT(
      Marquee("train ranker --label-from 2026-03-01 --rounds 1 --data " + data +
              " --embeddings " + data + " --out " + FreshPath("ranker.json"))
          .output,
      HasSubstr("/item_embeddings.npy: its numbers are float64"));
}

// As old spreadsheets write it: to a reader of lines, all of it is one.
std::string WithReturns(const std::string& text) {
  return absl::StrReplaceAll(text, {{"\n", "\r"}});
}

// Of a text of ASCII, as Excel and PowerShell write it.
std::string InUtf16(const std::string& text) {
  std::string out = "\xFF\xFE";
  for (const char c : text) absl::StrAppend(&out, std::string{c, '\0'});
  return out;
}

TEST(InputForms, TextThatIsReadNoFurtherIsNamedInEveryFile) {
  const std::string data = SmallService();
  const std::string policy = "# rules\nblocks { name: 'x' }\n";
  const struct {
    std::string (*write)(const std::string& text);
    std::string fault;
  } forms[] = {{WithReturns, ": its lines end with a carriage return alone"},
               {InUtf16, ": is text in UTF-16, as Excel and PowerShell"}};
  for (const auto& [write, fault] : forms) {
    for (const char* const name : {"/items.jsonl", "/users.jsonl", "/users.txt",
                                   "/items.txt", "/interactions.csv"}) {
      const std::string good = Read(data + name);
      std::ofstream(data + name, std::ios::binary) << write(good);
      const Result built = BuildSmall(data, FreshPath("snapshots"));
      EXPECT_EQ(built.exit_code, 1) << name;
      EXPECT_THAT(built.output, HasSubstr(data + name + fault));
      std::ofstream(data + name, std::ios::binary) << good;
    }
    const std::string path = WriteScratch("policy", write(policy));
    const Result built =
        BuildSmall(data, FreshPath("snapshots"), "--policy " + path);
    EXPECT_EQ(built.exit_code, 1);
    EXPECT_THAT(built.output, HasSubstr(path + ":1" + fault));
  }
}

// Data whose items may be shown to all, everywhere, with these rows.
std::string OpenService(const std::string& rows) {
  const std::string data = SmallService();
  std::ofstream items(data + "/items.jsonl");
  for (int i = 1; i <= 60; ++i)
    items << "{\"item_id\":\"t" << i << "\",\"maturity\":0}\n";
  std::ofstream(data + "/interactions.csv")
      << "user_id,item_id,timestamp,event\n"
      << rows;
  return data;
}

// What a new user is shown first.
std::string FirstOf(const Result& built, const std::string& snapshots) {
  EXPECT_EQ(built.exit_code, 0) << built.output;
  const Result list = Marquee(
      "recommend --json --limit 1 --snapshot " + snapshots, "2> /dev/null");
  std::smatch id;
  std::regex_search(list.output, id, std::regex("\"item_id\": \"([^\"]*)\""));
  return id[1];
}

TEST(InputForms, EventsThatAreNoSignsOfLikingMayBeLeftOut) {
  std::string rows;
  for (int i = 1; i <= 40; ++i) {
    absl::StrAppend(&rows, "u", i, ",t1,17600000", i + 10, ",dislike\n");
    if (i % 2 == 0) absl::StrAppend(&rows, "u", i, ",t2,1760000000,play\n");
  }
  const std::string data = OpenService(rows);
  const std::string told =
      "/interactions.csv: its events 40 'dislike', 20 'play' all count as "
      "signs of liking (--events chooses)";
  const std::string all = FreshPath("all");
  const Result counts_all = BuildSmall(data, all);
  EXPECT_THAT(counts_all.output, HasSubstr(told));
  EXPECT_EQ(FirstOf(counts_all, all), "t1");
  const std::string plays = FreshPath("plays");
  const Result counts_plays = BuildSmall(data, plays, "--events play");
  EXPECT_THAT(counts_plays.output, Not(HasSubstr("signs of liking")));
  EXPECT_EQ(FirstOf(counts_plays, plays), "t2");
  // Vectors that learnt from plays alone say so.
  const std::string als = FreshPath("als");
  EXPECT_EQ(Marquee("train als --events play --factors 2 --iterations 1 "
                    "--interactions " +
                    data + "/interactions.csv --out " + als)
                .exit_code,
            0);
  const std::string same = FreshPath("same");
  EXPECT_EQ(FirstOf(Marquee("build --data " + data + " --embeddings " + als +
                            " --out " + same),
                    same),
            "t2");
}

TEST(InputForms, EventsThatNoRowHasAreAnError) {
  const std::string data = OpenService("u1,t1,1760000000,play\n");
  const Result typo = BuildSmall(data, FreshPath("x"), "--events lkie");
  EXPECT_EQ(typo.exit_code, 1);
  EXPECT_THAT(typo.output,
              HasSubstr("no row has the event 'lkie'; it has 'pl"));
}

// One clock that is wrong must not make all else old, wherever the data ends.
TEST(InputForms, WhatIsStillToComeCountsAsOfTheNewestPlay) {
  for (const int64_t ends :
       {absl::ToUnixSeconds(absl::Now()), int64_t{1'500'000'000}}) {
    std::string rows = "u1,t2,9999-12-31,play\n";
    for (int i = 1; i <= 40; ++i) {
      absl::StrAppend(&rows, "u", i, ",t1,", ends - i, ",play\n");
    }
    const std::string data = OpenService(rows);
    const std::string snapshots = FreshPath("snapshots");
    const Result built = BuildSmall(data, snapshots);
    EXPECT_THAT(built.output,
                HasSubstr("/interactions.csv: 1 of its 41 moments are later "
                          "than now, the first on line 2, the latest "
                          "9999-12-31"));
    EXPECT_EQ(FirstOf(built, snapshots), "t1") << ends;
  }
}

// Plays, and the vectors of users that follow from them.
TEST(InputForms, RowsThatStandAgainCountOnce) {
  std::string rows;
  for (int i = 1; i <= 10; ++i) {
    absl::StrAppend(&rows, "u", i, ",t", 1 + i % 3, ",17600000", 10 + i,
                    ",play\n", "new", i % 4, ",t", i, ",17600000", 30 + i,
                    ",play\n");
  }
  const std::string once = FreshPath("once");
  ASSERT_EQ(BuildSmall(OpenService(rows), once).exit_code, 0);
  const std::string twice = FreshPath("twice");
  const Result built = BuildSmall(OpenService(rows + rows), twice);
  EXPECT_THAT(built.output,
              HasSubstr("20 rows are copies of others, the first of user 'u1' "
                        "and item 't2': each counts once"));
  for (const char* const section : {"/popularity", "/users", "/user_vectors"}) {
    EXPECT_EQ(ArraysOf(twice + "/1" + section), ArraysOf(once + "/1" + section))
        << section;
  }
}

// It is read once, whatever stands in it.
TEST(InputForms, AHistoryMayComeThroughAPipe) {
  const std::string row = "u1,t1,1760000000,play\n";
  const std::string data = OpenService(row + row);
  const std::string history = data + "/interactions.csv";
  std::filesystem::rename(history, history + ".file");
  ASSERT_EQ(::mkfifo(history.c_str(), 0600), 0);
  // Whoever writes a pipe waits for its reader, and not for ever.
  std::thread writer([&] {
    std::ignore =
        std::system(("timeout 60 cp " + history + ".file " + history).c_str());
  });
  const std::string snapshots = FreshPath("snapshots");
  const Result built = BuildSmall(data, snapshots, "< /dev/null");
  writer.join();
  EXPECT_EQ(built.exit_code, 0) << built.output;
  EXPECT_THAT(built.output, HasSubstr("1 row is a copy of another"));
}

TEST(InputForms, AFileOfAnotherFormatIsNamed) {
  const std::string data = SmallService();
  const struct {
    std::string file, bytes, what;
  } cases[] = {
      {"/interactions.csv", "\x1f\x8b\x08",
       "is a gzip file, not text; unpack it"},
      {"/interactions.csv", "{\"user_id\":\"u1\"}\n",
       ":1: is JSON, not a table; the first line must name the columns"},
      {"/items.jsonl", "PAR1\x15\x04",
       "is a Parquet file, not text; save it as text"},
      {"/users.txt", "\x93NUMPY",
       "is a NumPy array, not text; save it as text"},
      {"/item_embeddings.npy", "PK\x03\x04 and more than that",
       "is a zip archive; save the matrix alone, with numpy.save"},
      {"/item_embeddings.npy", "no matrix, and no known file",
       "is not an .npy file: it does not begin with"},
      {"/item_embeddings.npy", "\x93NUMPY",
       "is not an .npy file: it does not begin with"}};
  for (const auto& [file, bytes, what] : cases) {
    const std::string good = Read(data + file);
    std::ofstream(data + file, std::ios::binary) << bytes;
    const Result built = BuildSmall(data, FreshPath("snapshots"));
    EXPECT_EQ(built.exit_code, 1) << file;
    EXPECT_THAT(built.output, AllOf(HasSubstr(data + file), HasSubstr(what)));
    std::ofstream(data + file, std::ios::binary) << good;
  }
}

TEST(InputForms, AnImportTellsItsReleaseAndWhatIsNotRead) {
  const std::string folder = FreshPath("ml");
  std::filesystem::create_directories(folder);
  std::ofstream(folder + "/movies.dat") << "3::Quiet Harbour (1999)::Comedy\n";
  std::ofstream(folder + "/ratings.dat") << "7::3::5::978300760\n";
  const std::string call =
      "import movielens " + folder + " --out " + FreshPath("data");
  const Result text = Marquee(call);
  EXPECT_EQ(text.exit_code, 0) << text.output;
  EXPECT_THAT(text.output,
              HasSubstr("\nusers.dat is not read: genders, ages, occupations "
                        "and zip codes.\n"));
  EXPECT_THAT(Marquee(call + " --json").output,
              HasSubstr("\"release\": \"ml-1m\""));
}

TEST(InputForms, ColumnsThatAreNotReadAreNamed) {
  const std::string data = SmallService();
  const std::string csv = WriteScratch(
      "more.csv",
      "user_id,item_id,timestamp,rating,event_type\nu1,t1,1760000000,3,play\n");
  const std::string told =
      "warning: " + csv + ": not read: 'rating', 'event_type'; 'weight' holds";
  EXPECT_THAT(Marquee("train als --factors 2 --iterations 1 --interactions " +
                      csv + " --out " + FreshPath("als"))
                  .output,
              HasSubstr(told));
  EXPECT_THAT(BuildSmall(data, FreshPath("plain")).output,
              Not(HasSubstr("not read")));
  std::filesystem::rename(csv, data + "/interactions.csv");
  EXPECT_THAT(BuildSmall(data, FreshPath("snapshots")).output,
              HasSubstr("not read: 'rating', 'event_type'"));
}

TEST(InputForms, InteractionsMayHaveMomentsAsText) {
  const std::string csv = WriteScratch("interactions.csv",
                                       "user_id,item_id,timestamp\n"
                                       "u1,a,2026-05-01\n"
                                       "u1,b,2026-05-01T12:00:00Z\n"
                                       "u2,a,1777593600\n");
  const Result trained = Marquee(
      "train als --factors 2 --iterations 1 --until 2026-05-01T12:00:00Z "
      "--interactions " +
      csv + " --out " + FreshPath("als"));
  EXPECT_EQ(trained.exit_code, 0) << trained.output;
  EXPECT_EQ(Read(ScratchPath("als/items.txt")), "a\n");
}

TEST(InputForms, AMomentInAnotherUnitIsRefusedEverywhere) {
  const std::string calls[] = {
      "train als --interactions nowhere --out nowhere/x --until ",
      "train ranker --data nowhere --embeddings nowhere --out nowhere/x "
      "--label-from ",
      "build --data nowhere --embeddings nowhere --out nowhere/x --until ",
      "build --data nowhere --embeddings nowhere --out nowhere/x --now ",
      "recommend --snapshot nowhere --now ",
      "synth --users 5 --items 60 --out nowhere/x --now ",
      "evaluate split --interactions nowhere --out nowhere/x --by time "
      "--test-from ",
      "evaluate split --interactions nowhere --out nowhere/x --until "};
  for (const std::string& call : calls) {
    const Result milliseconds = Marquee(call + "1760005000000");
    EXPECT_EQ(milliseconds.exit_code, 2) << call;
    EXPECT_THAT(milliseconds.output,
                HasSubstr("in seconds it may be 1760005000"))
        << call;
    const Result compact = Marquee(call + "20251009");
    EXPECT_EQ(compact.exit_code, 2) << call;
    EXPECT_THAT(compact.output,
                HasSubstr("'20251009' is a moment of August 1970: write "
                          "2025-10-09"))
        << call;
    EXPECT_EQ(Marquee(call + "-5").exit_code, 2) << call;
  }
  EXPECT_THAT(Marquee(calls[3] + "9999999999").output,
              HasSubstr("--now '9999999999': must be a moment from 1970 to"));
}

}  // namespace
}  // namespace marquee
