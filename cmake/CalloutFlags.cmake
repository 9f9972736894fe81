# Every target of ours links callout::flags; generated and foreign code does not.
set(CMAKE_C_STANDARD 17)
set(CMAKE_C_STANDARD_REQUIRED ON)
set(CMAKE_C_EXTENSIONS OFF)
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)
if(NOT CMAKE_BUILD_TYPE)
  set(CMAKE_BUILD_TYPE RelWithDebInfo)
endif()

option(CALLOUT_SANITIZE "build with AddressSanitizer and UndefinedBehaviorSanitizer" OFF)

add_library(callout_flags INTERFACE)
add_library(callout::flags ALIAS callout_flags)
target_compile_definitions(callout_flags INTERFACE _GNU_SOURCE)
target_compile_options(callout_flags INTERFACE
  -Wall -Wextra -Wpedantic -Wconversion -Wshadow -Wstrict-prototypes -Wmissing-prototypes
  $<$<C_COMPILER_ID:GNU>:-Wcast-qual> # clang sees the casts in protobuf-c's INIT macros, system headers or not
  -Wswitch-enum -Wformat=2 -Wundef -Werror)
if(CALLOUT_SANITIZE)
  add_compile_options(-fsanitize=address,undefined -fno-sanitize-recover=all -fno-omit-frame-pointer)
  add_link_options(-fsanitize=address,undefined)
  target_compile_options(callout_flags INTERFACE -Wno-error) # gcc's manual: instrumented code gets warnings that are not true
endif()
