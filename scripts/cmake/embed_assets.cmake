# cmake -DOUT=web_assets.cc -DDIR=supervisor/web/assets -P embed_assets.cmake
# Writes the files of a folder as the table behind web/asset.h. They are text without the delimiter below.
set(delimiter SvAsset)
set(type_css "text/css;charset=utf-8")
set(type_js "text/javascript;charset=utf-8")
set(type_html "text/html;charset=utf-8")
set(type_svg "image/svg+xml")

file(GLOB files LIST_DIRECTORIES false ${DIR}/*)
list(SORT files)
set(rows "")
foreach(path ${files})
  get_filename_component(name ${path} NAME)
  get_filename_component(extension ${path} LAST_EXT)
  string(SUBSTRING "${extension}" 1 -1 extension)
  if(NOT DEFINED type_${extension})
    message(FATAL_ERROR "${name}: no content type is known for .${extension}")
  endif()
  file(SHA1 ${path} tag)
  file(READ ${path} text)
  string(APPEND rows "    {\"${name}\", \"${type_${extension}}\", \"\\\"${tag}\\\"\", R\"${delimiter}(${text})${delimiter}\"sv},\n")
endforeach()
file(WRITE ${OUT} "// Made by embed_assets.cmake from supervisor/web/assets.
#include \"web/asset.h\"

namespace sv::web {

using namespace std::string_view_literals;

std::span<const Asset> all_assets() {
  static constexpr Asset kAssets[] = {
${rows}  };
  return kAssets;
}

}  // namespace sv::web
")
