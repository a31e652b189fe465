#include "core/catalog/id_index.h"

#include <string>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/catalog/section.h"

namespace marquee {
namespace {

using ::testing::HasSubstr;

Section IdsOf(const std::vector<std::string>& ids) {
  IdIndexWriter writer;
  for (const std::string& id : ids) EXPECT_TRUE(writer.Add(id).ok());
  EXPECT_EQ(writer.size(), ids.size());
  const auto file =
      Written([&](ArrayFileWriter& out) { return writer.Write(out); });
  Section section;
  section.Keep<char>(*file, "ids.bytes");
  section.Keep<uint32_t>(*file, "ids.begin");
  section.Keep<uint32_t>(*file, "ids.slots");
  return section;
}

std::string Fault(const Section& section) {
  const auto file = section.File();
  const auto index = IdIndex::Open(*file);
  EXPECT_TRUE(index.ok() ||
              index.status().code() == absl::StatusCode::kDataLoss);
  return std::string(index.status().message());
}

TEST(IdIndex, FindsEveryIdOfTablesOfEverySize) {
  std::vector<std::string> ids;
  for (int size = 0; size < 300; ++size) {
    const auto file = IdsOf(ids).File();
    const auto index = IdIndex::Open(*file);
    ASSERT_TRUE(index.ok()) << index.status();
    ASSERT_EQ(index->size(), ids.size());
    for (uint32_t row = 0; row < ids.size(); ++row) {
      ASSERT_EQ(index->Find(ids[row]), row);
      ASSERT_EQ(index->Id(row), ids[row]);
    }
    ASSERT_EQ(index->Find("nobody"), std::nullopt);
    ids.push_back("id" + std::to_string(size));
  }
}

TEST(IdIndex, WithoutAFileItIsEmpty) {
  EXPECT_EQ(IdIndex().size(), 0);
  EXPECT_EQ(IdIndex().Find("a"), std::nullopt);
}

TEST(IdIndex, RefusesSlotsThatDoNotHoldEachRowOnce) {
  const Section sound = IdsOf({"a", "b", "c"});  // in 8 slots
  ASSERT_EQ(sound.Get<uint32_t>("ids.slots").size(), 8);
  EXPECT_EQ(Fault(sound), "");
  constexpr uint32_t kEmpty = 0xFFFFFFFF;
  const auto slots = [&](const std::vector<uint32_t>& rows) {
    return Fault(sound.WithAll<uint32_t>("ids.slots", rows));
  };
  EXPECT_THAT(slots({}), HasSubstr("is not a power of two long"));
  EXPECT_THAT(slots({0, 1, 2, kEmpty, kEmpty, kEmpty}),
              HasSubstr("is not a power of two long"));
  EXPECT_THAT(slots({0, 1, 3, kEmpty}), HasSubstr("names row 3"));
  EXPECT_THAT(slots({0, 1, kEmpty, kEmpty}),
              HasSubstr("does not hold each row once"));
  EXPECT_THAT(slots({0, 1, 2, 2, kEmpty, kEmpty, kEmpty, kEmpty}),
              HasSubstr("names row 2 twice"));
  EXPECT_EQ(slots({0, 1, 2, kEmpty}), "");
}

TEST(IdIndex, RefusesIdsOfAnImpossibleLength) {
  const auto with = [](const std::string& id) {
    Section section = IdsOf({"a", std::string(128, 'x')});
    const std::vector<char> bytes(id.begin(), id.end());
    const uint32_t size = static_cast<uint32_t>(id.size());
    section.Set("ids.bytes", bytes);
    section.Set<uint32_t>("ids.begin", {0, 1, size});
    return Fault(section);
  };
  EXPECT_THAT(Fault(IdsOf({"a", "b"}).With<uint32_t>("ids.begin", 1, 0)),
              HasSubstr("row 0 has an id of 0 bytes"));
  EXPECT_EQ(with("a" + std::string(128, 'x')), "");
  EXPECT_THAT(with("a"), HasSubstr("row 1 has an id of 0 bytes"));
  EXPECT_THAT(with("a" + std::string(129, 'x')),
              HasSubstr("row 1 has an id of 129 bytes, must be 1 to 128"));
}

// A search for an id that is not there ends at an empty slot.
TEST(IdIndex, RefusesATableWithoutAnEmptySlot) {
  const Section sound = IdsOf({"a", "b"});
  EXPECT_THAT(Fault(sound.WithAll<uint32_t>("ids.slots", {0, 1})),
              HasSubstr("does not hold each row once"));
}

TEST(IdIndex, NamesAnArrayThatIsMissingOrDamaged) {
  const Section sound = IdsOf({"a", "b"});
  EXPECT_THAT(Fault(sound.With<uint32_t>("ids.begin", 0, 1)),
              HasSubstr("ids.begin"));
  const auto file = sound.File();
  Section part;
  part.Keep<char>(*file, "ids.bytes");
  part.Keep<uint32_t>(*file, "ids.begin");
  EXPECT_THAT(Fault(part), HasSubstr("ids.slots"));
}

TEST(IdIndexWriter, TakesIdsOfOneTo128Bytes) {
  IdIndexWriter writer;
  EXPECT_TRUE(writer.Add("a").ok());
  EXPECT_TRUE(writer.Add(std::string(128, 'x')).ok());
  EXPECT_EQ(writer.Add("").code(), absl::StatusCode::kInvalidArgument);
  EXPECT_THAT(writer.Add(std::string(129, 'x')).message(),
              HasSubstr("1 to 128 bytes; this one has 129"));
  EXPECT_EQ(writer.size(), 2);
}

TEST(IdIndexWriter, NamesAnIdThatStandsTwiceHoweverManyAreBetween) {
  IdIndexWriter writer;
  for (int i = 0; i < 500; ++i)
    ASSERT_TRUE(writer.Add("id" + std::to_string(i)).ok());
  ASSERT_TRUE(writer.Add("id123").ok());
  auto out = *ArrayFileWriter::CreateInMemory();
  const absl::Status status = writer.Write(*out);
  EXPECT_EQ(status.code(), absl::StatusCode::kAlreadyExists);
  EXPECT_THAT(status.message(), HasSubstr("'id123' occurs twice"));
}

}  // namespace
}  // namespace marquee
