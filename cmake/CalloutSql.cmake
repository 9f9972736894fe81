# callout_add_sql(target): compiles sql/<name>.sql of the calling directory into `const struct co_sql <target>_sql[]`
# (header <target>_sql.h; index <target>_sql_<name>; count <target>_sql_count).
function(callout_add_sql target)
  file(GLOB files CONFIGURE_DEPENDS "${CMAKE_CURRENT_SOURCE_DIR}/sql/*.sql")
  set(names "")
  set(rows "")
  foreach(file IN LISTS files)
    set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS "${file}")
    get_filename_component(name "${file}" NAME_WE)
    file(READ "${file}" text)
    string(REPLACE "\\" "\\\\" text "${text}")
    string(REPLACE "\"" "\\\"" text "${text}")
    string(REPLACE "\n" "\\n\"\n      \"" text "${text}")
    string(APPEND names "    ${target}_sql_${name},\n")
    string(APPEND rows "    [${target}_sql_${name}] = { \"${target}_${name}\",\n      \"${text}\" },\n")
  endforeach()
  set(dir "${CMAKE_CURRENT_BINARY_DIR}/generated")
  file(CONFIGURE OUTPUT "${dir}/${target}_sql.h" @ONLY CONTENT
       "#pragma once\n#include \"co_sql.h\"\nenum {\n@names@    @target@_sql_count\n};\nextern const struct co_sql @target@_sql[];\n")
  file(CONFIGURE OUTPUT "${dir}/${target}_sql.c" @ONLY CONTENT
       "#include \"@target@_sql.h\"\nconst struct co_sql @target@_sql[] = {\n@rows@};\n")
  target_sources(${target} PRIVATE "${dir}/${target}_sql.c")
  target_include_directories(${target} PUBLIC "${dir}")
endfunction()
