#include "core/catalog/locale_codes.h"

#include <algorithm>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"

namespace marquee {
namespace {

// Two letters and a space each, sorted.
constexpr absl::string_view kCountries =
    "AD AE AF AG AI AL AM AO AQ AR AS AT AU AW AX AZ BA BB BD BE BF BG BH BI "
    "BJ BL BM BN BO BQ BR BS BT BV BW BY BZ CA CC CD CF CG CH CI CK CL CM CN "
    "CO CR CU CV CW CX CY CZ DE DJ DK DM DO DZ EC EE EG EH ER ES ET FI FJ FK "
    "FM FO FR GA GB GD GE GF GG GH GI GL GM GN GP GQ GR GS GT GU GW GY HK HM "
    "HN HR HT HU ID IE IL IM IN IO IQ IR IS IT JE JM JO JP KE KG KH KI KM KN "
    "KP KR KW KY KZ LA LB LC LI LK LR LS LT LU LV LY MA MC MD ME MF MG MH MK "
    "ML MM MN MO MP MQ MR MS MT MU MV MW MX MY MZ NA NC NE NF NG NI NL NO NP "
    "NR NU NZ OM PA PE PF PG PH PK PL PM PN PR PS PT PW PY QA RE RO RS RU RW "
    "SA SB SC SD SE SG SH SI SJ SK SL SM SN SO SR SS ST SV SX SY SZ TC TD TF "
    "TG TH TJ TK TL TM TN TO TR TT TV TW TZ UA UG UM US UY UZ VA VC VE VG VI "
    "VN VU WF WS YE YT ZA ZM ZW ";

// ISO 639-1.
constexpr absl::string_view kLanguages =
    "aa ab ae af ak am an ar as av ay az ba be bg bh bi bm bn bo br bs ca ce "
    "ch co cr cs cu cv cy da de dv dz ee el en eo es et eu fa ff fi fj fo fr "
    "fy ga gd gl gn gu gv ha he hi ho hr ht hu hy hz ia id ie ig ii ik io is "
    "it iu ja jv ka kg ki kj kk kl km kn ko kr ks ku kv kw ky la lb lg li ln "
    "lo lt lu lv mg mh mi mk ml mn mr ms mt my na nb nd ne ng nl nn no nr nv "
    "ny oc oj om or os pa pi pl ps pt qu rm rn ro ru rw sa sc sd se sg si sk "
    "sl sm sn so sq sr ss st su sv sw ta te tg th ti tk tl tn to tr ts tt tw "
    "ty ug uk ur uz ve vi vo wa wo xh yi yo za zh zu ";

// Three letters of ISO 639-2, then the two of ISO 639-1 that BCP 47 uses
// instead.
constexpr absl::string_view kLonger =
    "aaraa abkab afraf akaak albsq amham araar argan armhy asmas avaav aveae "
    "aymay azeaz bakba bambm baqeu belbe benbn bihbh bisbi bodbo bosbs brebr "
    "bulbg burmy catca cescs chach chece chizh chucu chvcv corkw cosco crecr "
    "cymcy czecs danda deude divdv dutnl dzodz ellel engen epoeo estet euseu "
    "eweee faofo fasfa fijfj finfi frafr frefr fryfy fulff geoka gerde glagd "
    "glega glggl glvgv greel grngn gujgu hatht hauha hebhe herhz hinhi hmoho "
    "hrvhr hunhu hyehy iboig iceis idoio iiiii ikuiu ileie inaia indid ipkik "
    "islis itait javjv jpnja kalkl kankn kasks katka kaukr kazkk khmkm kikki "
    "kinrw kirky komkv konkg korko kuakj kurku laolo latla lavlv limli linln "
    "litlt ltzlb lublu luglg macmk mahmh malml maomi marmr mayms mkdmk mlgmg "
    "mltmt monmn mrimi msams myamy nauna navnv nblnr ndend ndong nepne nldnl "
    "nnonn nobnb norno nyany ocioc ojioj orior ormom ossos panpa perfa plipi "
    "polpl porpt pusps quequ rohrm ronro rumro runrn rusru sagsg sansa sinsi "
    "slksk slosk slvsl smese smosm snasn sndsd somso sotst spaes sqisq srdsc "
    "srpsr sswss sunsu swasw swesv tahty tamta tattt telte tgktg tgltl thath "
    "tibbo tirti tonto tsntn tsots tuktk turtr twitw uigug ukruk urdur uzbuz "
    "venve vievi volvo welcy wlnwa wolwo xhoxh yidyi yoryo zhaza zhozh zulzu ";

bool Has(absl::string_view codes, absl::string_view code) {
  size_t low = 0, high = codes.size() / 3;
  while (low < high) {
    const size_t middle = (low + high) / 2;
    const int order = codes.substr(3 * middle, 2).compare(code);
    if (order == 0) return true;
    (order < 0 ? low : high) = order < 0 ? middle + 1 : middle;
  }
  return false;
}

// Returns the two-letter code for a three-letter one; empty if there is none.
absl::string_view ShorterLanguage(absl::string_view language) {
  if (language.size() != 3) return "";
  const std::string wanted = absl::AsciiStrToLower(language);
  for (size_t at = 0; at < kLonger.size(); at += 6) {
    if (kLonger.substr(at, 3) == wanted) return kLonger.substr(at + 3, 2);
  }
  return "";
}

char Folded(char c) { return c == '_' ? '-' : absl::ascii_tolower(c); }

}  // namespace

bool LooksLikeCountry(absl::string_view code) {
  return code.size() == 2 && absl::ascii_isupper(code[0]) &&
         absl::ascii_isupper(code[1]);
}

bool IsCountryCode(absl::string_view code) {
  return code == "XK" || (code.size() == 2 && Has(kCountries, code));
}

std::string TellUnknownCountry(absl::string_view code) {
  static constexpr std::pair<absl::string_view, absl::string_view> kMeant[] = {
      {"UK", "GB"}, {"EN", "GB"}, {"EL", "GR"}, {"JA", "JP"},
      {"KO", "KR"}, {"SW", "SE"}, {"DA", "DK"}, {"CS", "CZ"}};
  std::string text =
      absl::StrCat("'", code, "' is not a country code of ISO 3166-1");
  for (const auto& [written, meant] : kMeant) {
    if (written == code) absl::StrAppend(&text, ", perhaps ", meant);
  }
  return text;
}

std::string TellUnknownLanguage(absl::string_view tag) {
  const absl::string_view shorter = ShorterLanguage(LanguageOf(tag));
  return absl::StrCat("'", tag, "' is not a language tag of BCP 47",
                      shorter.empty() ? ", such as de or de-AT"
                                      : absl::StrCat("; write ", shorter));
}

bool IsLanguageTag(absl::string_view tag) {
  const absl::string_view language = LanguageOf(tag);
  if (!std::all_of(language.begin(), language.end(), absl::ascii_isalpha)) {
    return false;
  }
  const bool known =
      language.size() == 2
          ? Has(kLanguages, absl::AsciiStrToLower(language))
          : language.size() == 3 && ShorterLanguage(language).empty();
  if (!known) return false;
  absl::string_view rest = tag.substr(language.size());
  while (!rest.empty()) {
    rest.remove_prefix(1);
    const absl::string_view part = LanguageOf(rest);
    if (part.empty() || part.size() > 8 ||
        !std::all_of(part.begin(), part.end(), absl::ascii_isalnum)) {
      return false;
    }
    rest.remove_prefix(part.size());
  }
  return true;
}

bool IsOfLanguage(absl::string_view tag, absl::string_view range) {
  if (range.empty() || tag.size() < range.size()) return false;
  for (size_t i = 0; i < range.size(); ++i) {
    if (Folded(tag[i]) != Folded(range[i])) return false;
  }
  return tag.size() == range.size() || Folded(tag[range.size()]) == '-';
}

absl::string_view LanguageOf(absl::string_view tag) {
  return tag.substr(0, tag.find_first_of("-_"));
}

}  // namespace marquee
