#include "core/model_import/foreign_model.h"

#include <optional>

#include "absl/algorithm/container.h"
#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "core/files/file_kind.h"

namespace marquee {
namespace {

constexpr absl::string_view kLightGbmCall = "booster.save_model(\"model.txt\")";
constexpr absl::string_view kXgboostCall =
    "save_model(\"model.json\") or save_model(\"model.ubj\")";

constexpr absl::string_view kRead = "models of LightGBM and XGBoost are read";

// XGBoost's old binary format begins with a mark, or holds the name of a
// booster after its length in eight bytes.
bool IsOldXgboostBinary(absl::string_view bytes) {
  if (absl::StartsWith(bytes, "binf") || absl::StartsWith(bytes, "bs64")) {
    return true;
  }
  const absl::string_view head = bytes.substr(0, 512);
  for (const absl::string_view booster : {"gbtree", "dart", "gblinear"}) {
    const std::string length(1, static_cast<char>(booster.size()));
    if (absl::StrContains(
            head, absl::StrCat(length, std::string(7, '\0'), booster))) {
      return true;
    }
  }
  return false;
}

// Whether the text begins with a tree as get_dump writes it.
bool IsTextTree(absl::string_view text) {
  return absl::StartsWith(text, "0:[") || absl::StartsWith(text, "0:leaf=");
}

bool IsXgboostDump(absl::string_view text) {
  if (absl::StartsWith(text, "booster[") || IsTextTree(text)) return true;
  if (absl::StartsWith(text, "{")) return absl::StrContains(text, "\"nodeid\"");
  if (!absl::ConsumePrefix(&text, "[")) return false;
  // A list of trees, or of texts of trees, in which the quotes have a
  // backslash.
  if (absl::StrContains(text, "nodeid")) return true;
  text = absl::StripLeadingAsciiWhitespace(text);
  return absl::ConsumePrefix(&text, "\"") && IsTextTree(text);
}

// ONNX is a protocol buffer: a small version, then the name of the producer.
bool IsOnnx(absl::string_view bytes) {
  if (bytes.size() < 4 || bytes[0] != '\x08' || bytes[2] != '\x12') {
    return false;
  }
  const absl::string_view maker =
      bytes.substr(4, static_cast<unsigned char>(bytes[3]));
  return !maker.empty() && absl::c_all_of(maker, absl::ascii_isprint);
}

std::string TellJsonOrText(absl::string_view text) {
  const bool object = absl::StartsWith(text, "{");
  if (object && absl::StrContains(text, "\"learner\"")) return "";
  if (object && absl::StrContains(text, "\"max_feature_idx\"")) {
    return absl::StrCat(
        "is a JSON dump of a LightGBM model (dump_model), which is not read; "
        "save the model with ",
        kLightGbmCall);
  }
  if (IsXgboostDump(text)) {
    return absl::StrCat(
        "is a dump of an XGBoost model (dump_model or get_dump), which has not "
        "all of it; save the model with ",
        kXgboostCall);
  }
  if (object && (absl::StrContains(text, "\"item_id\"") ||
                 absl::StrContains(text, "\"user_id\""))) {
    return absl::StrCat(
        "is not a tree model but a file of items or users, as items.jsonl; ",
        kRead);
  }
  return "";
}

// Recognises text in another encoding or form.
std::string TellForm(absl::string_view text) {
  if (IsUtf16(text)) return std::string(FindTextFault(text));
  if (!absl::StartsWith(text, "tree\r")) return "";
  return "is a LightGBM text file whose lines end with CR alone; end them with "
         "LF, or with CR and LF";
}

std::string TellFile(const FileKind& kind) {
  if (kind.form != FileKind::Form::kPickle) {
    return absl::StrCat(
        "is not a tree model but ", kind.name, "; ",
        kind.form == FileKind::Form::kPacked ? "unpack it" : kRead);
  }
  return absl::StrCat("is ", kind.name,
                      ", which is not read; load it in Python and save the "
                      "model: a LightGBM one with ",
                      kLightGbmCall, ", an XGBoost one with ", kXgboostCall);
}

}  // namespace

std::string TellForeignModel(absl::string_view bytes) {
  if (const std::optional<FileKind> kind = FindFileKind(bytes)) {
    return TellFile(*kind);
  }
  if (IsOldXgboostBinary(bytes)) {
    return absl::StrCat(
        "XGBoost's old binary format is not supported; load the model in "
        "XGBoost before 3.1 and save it with ",
        kXgboostCall);
  }
  if (IsOnnx(bytes)) {
    return absl::StrCat(
        "is an ONNX model, which is not read; save the model that it was made "
        "of: a LightGBM one with ",
        kLightGbmCall, ", an XGBoost one with ", kXgboostCall);
  }
  if (absl::StartsWith(bytes, "CBM1")) {
    return absl::StrCat("is a CatBoost model; ", kRead);
  }
  const std::string form = TellForm(bytes);
  if (!form.empty()) return form;
  return TellJsonOrText(absl::StripLeadingAsciiWhitespace(bytes));
}

}  // namespace marquee
