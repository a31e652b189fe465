#include "offline/train/ranker_rows.h"

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>

#include "core/base/status_macros.h"
#include "core/files/output_file.h"
#include "offline/formats/csv_cells.h"

namespace marquee {

absl::Status WriteRankerRows(const RankerData& data, const std::string& path) {
  MARQUEE_ASSIGN_OR_RETURN(const auto file, OutputFile::Create(path));
  std::string line = "user_id,item_id,query_id,label";
  for (const std::string& name : data.feature_names) {
    line += ',';
    AppendCell(name, &line);
  }
  line += '\n';
  file->Append(line);
  const size_t features = data.feature_names.size();
  size_t row = 0;
  for (size_t group = 0; group < data.group_sizes.size(); ++group) {
    for (uint32_t i = 0; i < data.group_sizes[group]; ++i, ++row) {
      line.clear();
      AppendCell(data.group_users[group], &line);
      line += ',';
      AppendCell(data.item_ids[data.items[row]], &line);
      line += ',';
      AppendNumber(group, &line);
      line += ',';
      AppendNumber(data.labels[row], &line);
      for (const float value :
           std::span(data.values).subspan(row * features, features)) {
        line += ',';
        if (!std::isnan(value)) AppendNumber(value, &line);
      }
      line += '\n';
      file->Append(line);
    }
    MARQUEE_RETURN_IF_ERROR(file->status());
  }
  return PublishAll({file.get()});
}

}  // namespace marquee
