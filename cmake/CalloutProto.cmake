# callout_add_proto(target FILE...): compiles proto files (paths below proto/) with protoc-c into a static library.
find_program(PROTOC_C protoc-c REQUIRED)

function(callout_add_proto target)
  set(sources "")
  foreach(file IN LISTS ARGN)
    string(REPLACE ".proto" ".pb-c" stem "${file}")
    add_custom_command(
      OUTPUT "${CMAKE_CURRENT_BINARY_DIR}/${stem}.c" "${CMAKE_CURRENT_BINARY_DIR}/${stem}.h"
      COMMAND "${PROTOC_C}" --c_out=${CMAKE_CURRENT_BINARY_DIR} --proto_path=${CMAKE_CURRENT_SOURCE_DIR}
              "${CMAKE_CURRENT_SOURCE_DIR}/${file}"
      DEPENDS ${ARGN}
      VERBATIM)
    list(APPEND sources "${CMAKE_CURRENT_BINARY_DIR}/${stem}.c")
  endforeach()
  add_library(${target} STATIC ${sources})
  target_compile_options(${target} PRIVATE -w)
  set_target_properties(${target} PROPERTIES C_CLANG_TIDY "")
  target_include_directories(${target} SYSTEM PUBLIC "${CMAKE_CURRENT_BINARY_DIR}")
  target_link_libraries(${target} PUBLIC PkgConfig::protobuf_c)
endfunction()
